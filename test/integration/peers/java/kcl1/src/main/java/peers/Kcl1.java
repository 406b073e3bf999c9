package peers;

import com.amazonaws.services.kinesis.clientlibrary.types.UserRecord;
import com.amazonaws.services.kinesis.model.Record;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * The deaggregator of the Amazon Kinesis Client Library 1. "read": the ends of a hash key range,
 * then the data of Kinesis records with the partition key "outer"; a reading of each.
 */
public final class Kcl1 {
    public static void main(String[] args) throws IOException {
        Parts.serve(Map.of("read", Kcl1::read));
    }

    private static List<byte[]> read(List<byte[]> parts) {
        BigInteger first = new BigInteger(Parts.text(parts.get(0)));
        BigInteger last = new BigInteger(Parts.text(parts.get(1)));
        return parts.subList(2, parts.size()).stream().map(data -> read(data, first, last)).toList();
    }

    private static byte[] read(byte[] data, BigInteger first, BigInteger last) {
        Record record = new Record().withData(ByteBuffer.wrap(data)).withPartitionKey("outer").withSequenceNumber("1");
        try {
            Reading reading = new Reading();
            for (UserRecord each : UserRecord.deaggregate(List.of(record), first, last)) {
                reading.add(each.isAggregated(), each.getPartitionKey(), each.getExplicitHashKey(), each.getSubSequenceNumber(), each.getData());
            }
            return reading.toBytes();
        } catch (Throwable error) {
            return Reading.failed(error);
        }
    }
}
