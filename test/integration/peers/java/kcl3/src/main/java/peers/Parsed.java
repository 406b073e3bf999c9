package peers;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import software.amazon.kinesis.retrieval.kpl.Messages.AggregatedRecord;
import software.amazon.kinesis.retrieval.kpl.Messages.Record;
import software.amazon.kinesis.retrieval.kpl.Messages.Tag;

/**
 * Messages as Google's protobuf parses them, whatever the KCL makes of that. Of each: "ok", then four parts for each record
 * (partition key and, after "+", explicit hash key as the bytes that they are; data; tags in turn), or "no message", or
 * "outside" where an index, as the unsigned number that it is, is outside its table.
 */
final class Parsed {
    static List<byte[]> parse(List<byte[]> messages) {
        return messages.stream().map(Parsed::parse).toList();
    }

    private static byte[] parse(byte[] message) {
        try {
            return reading(AggregatedRecord.parseFrom(message));
        } catch (InvalidProtocolBufferException error) {
            return new Parts().add("no message").toBytes();
        }
    }

    private static byte[] reading(AggregatedRecord message) {
        Parts parts = new Parts().add("ok");
        for (Record record : message.getRecordsList()) {
            long key = record.getPartitionKeyIndex();
            long explicit = record.getExplicitHashKeyIndex();
            boolean out = isOutside(key, message.getPartitionKeyTableCount())
                || record.hasExplicitHashKeyIndex() && isOutside(explicit, message.getExplicitHashKeyTableCount());
            if (out) return new Parts().add("outside").toBytes();
            parts.add(message.getPartitionKeyTableBytes((int) key).toByteArray())
                .add(record.hasExplicitHashKeyIndex() ? marked(message.getExplicitHashKeyTableBytes((int) explicit).toByteArray()) : new byte[0])
                .add(record.getData().toByteArray())
                .add(tags(record));
        }
        return parts.toBytes();
    }

    private static boolean isOutside(long index, int length) {
        return Long.compareUnsigned(index, length) >= 0;
    }

    private static byte[] tags(Record record) {
        Parts parts = new Parts();
        for (Tag tag : record.getTagsList()) {
            parts.add(tag.getKeyBytes().toByteArray()).add(tag.hasValue() ? marked(tag.getValueBytes().toByteArray()) : new byte[0]);
        }
        return parts.toBytes();
    }

    private static byte[] marked(byte[] text) {
        byte[] marked = new byte[text.length + 1];
        marked[0] = '+';
        System.arraycopy(text, 0, marked, 1, text.length);
        return marked;
    }
}
