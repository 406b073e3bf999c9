package peers;

import com.amazonaws.kinesis.agg.AggRecord;
import com.amazonaws.kinesis.agg.RecordAggregator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The aggregator of awslabs for Java. "write": a part with three for each user record; what came of them. */
public final class Aggregator {
    public static void main(String[] args) throws IOException {
        Parts.serve(Map.of("write", Aggregator::write));
    }

    private static List<byte[]> write(List<byte[]> records) {
        List<byte[]> parts = Parts.split(records.get(0));
        RecordAggregator aggregator = new RecordAggregator();
        List<byte[]> written = new ArrayList<>();
        for (int n = 0; n < parts.size(); n += 3) {
            String explicitHashKey = Parts.text(parts.get(n + 1));
            try {
                AggRecord full = aggregator.addUserRecord(
                    Parts.text(parts.get(n)), explicitHashKey.isEmpty() ? null : explicitHashKey.substring(1), parts.get(n + 2));
                give(full, written);
            } catch (Exception error) {
                written.add(new Parts().add("refused: " + error).toBytes());
            }
        }
        give(aggregator.clearAndGet(), written);
        return written;
    }

    private static void give(AggRecord full, List<byte[]> written) {
        if (full != null) {
            String explicitHashKey = full.getExplicitHashKey();
            written.add(new Parts().add("ok").add(full.getPartitionKey())
                .add(explicitHashKey == null ? "" : "+" + explicitHashKey).add(full.toRecordBytes()).toBytes());
        }
    }
}
