package peers;

import java.nio.ByteBuffer;

/** What a reader gives for one Kinesis record: "ok" or why not, then five parts for each user record. */
public final class Reading {
    private final Parts parts = new Parts().add("ok");

    /** @param explicitHashKey null where there is none */
    public void add(boolean aggregated, String partitionKey, String explicitHashKey, long subSequenceNumber, ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        parts.add(aggregated ? "1" : "0")
            .add(partitionKey)
            .add(explicitHashKey == null ? "" : "+" + explicitHashKey)
            .add(String.valueOf(subSequenceNumber))
            .add(bytes);
    }

    public byte[] toBytes() {
        return parts.toBytes();
    }

    public static byte[] failed(Throwable error) {
        return new Parts().add(error.toString()).toBytes();
    }
}
