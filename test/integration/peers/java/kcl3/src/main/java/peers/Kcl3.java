package peers;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * The deaggregator of the Amazon Kinesis Client Library 3. "read": the ends of a hash key range,
 * then the data of Kinesis records with the partition key "outer"; a reading of each.
 */
public final class Kcl3 {
    private static final AggregatorUtil UTIL = new AggregatorUtil();

    public static void main(String[] args) throws IOException {
        Parts.serve(Map.of("read", Kcl3::read, "parse", Parsed::parse));
    }

    private static List<byte[]> read(List<byte[]> parts) {
        BigInteger first = new BigInteger(Parts.text(parts.get(0)));
        BigInteger last = new BigInteger(Parts.text(parts.get(1)));
        return parts.subList(2, parts.size()).stream().map(data -> read(data, first, last)).toList();
    }

    private static byte[] read(byte[] data, BigInteger first, BigInteger last) {
        KinesisClientRecord record = KinesisClientRecord.builder()
            .data(ByteBuffer.wrap(data)).partitionKey("outer").sequenceNumber("1").build();
        try {
            Reading reading = new Reading();
            for (KinesisClientRecord each : UTIL.deaggregate(List.of(record), first, last)) {
                reading.add(each.aggregated(), each.partitionKey(), each.explicitHashKey(), each.subSequenceNumber(), each.data());
            }
            return reading.toBytes();
        } catch (Throwable error) {
            return Reading.failed(error);
        }
    }
}
