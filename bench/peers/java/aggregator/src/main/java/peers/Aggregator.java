package peers;

import com.amazonaws.kinesis.agg.AggRecord;
import com.amazonaws.kinesis.agg.RecordAggregator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The aggregator of awslabs for Java. Told where each aggregate ends, for its own limit is 1 MiB. */
public final class Aggregator implements Way {
    private final List<List<UserRecord>> groups;
    private long touched;

    private Aggregator(Corpus corpus) {
        groups = corpus.groups();
    }

    public static void main(String[] args) throws IOException {
        Lines.serve(Aggregator::new);
    }

    private void write(Consumer<byte[]> give) throws Exception {
        RecordAggregator aggregator = new RecordAggregator();
        for (List<UserRecord> group : groups) {
            for (UserRecord record : group) {
                AggRecord full = aggregator.addUserRecord(record.key(), record.data());
                if (full != null) {
                    give.accept(full.toRecordBytes());
                }
            }
            give.accept(aggregator.clearAndGet().toRecordBytes());
        }
    }

    @Override
    public long pass() throws Exception {
        touched = 0;
        write(data -> touched += data.length);
        return touched;
    }

    @Override
    public List<byte[]> outcome() throws Exception {
        List<byte[]> parts = new ArrayList<>();
        write(parts::add);
        return parts;
    }
}
