package peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** The deaggregator of the Amazon Kinesis Client Library. */
public final class Kcl implements Way {
    private final AggregatorUtil util = new AggregatorUtil();
    private final List<byte[]> payloads;

    private Kcl(Corpus corpus) {
        payloads = corpus.payloads();
    }

    public static void main(String[] args) throws IOException {
        Lines.serve(Kcl::new);
    }

    private List<KinesisClientRecord> read() {
        List<KinesisClientRecord> records = new ArrayList<>(payloads.size());
        for (byte[] data : payloads) {
            records.add(KinesisClientRecord.builder().data(ByteBuffer.wrap(data)).partitionKey("a").sequenceNumber("1").build());
        }
        return util.deaggregate(records);
    }

    @Override
    public long pass() {
        long touched = 0;
        for (KinesisClientRecord record : read()) {
            touched += record.partitionKey().length() + record.data().remaining();
        }
        return touched;
    }

    @Override
    public List<byte[]> outcome() {
        List<byte[]> parts = new ArrayList<>();
        for (KinesisClientRecord record : read()) {
            parts.add(record.partitionKey().getBytes(StandardCharsets.UTF_8));
            byte[] data = new byte[record.data().remaining()];
            record.data().duplicate().get(data);
            parts.add(data);
        }
        return parts;
    }
}
