package peers;

import com.google.common.util.concurrent.ListenableFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.kinesis.producer.Attempt;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordFailedException;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * The Amazon Kinesis Producer Library. "start": a stream, then its configuration as names and values.
 * "put": user records, each a partition key, an explicit hash key with "+" before it (empty where there
 * is none) and its data; for each of them "ok" or why not, a shard id and a sequence number.
 */
public final class Kpl {
    private static KinesisProducer producer;
    private static String stream;

    public static void main(String[] args) throws IOException {
        Parts.serve(Map.of("start", Kpl::start, "put", Kpl::put));
        if (producer != null) producer.destroy();
        // It leaves threads behind.
        System.exit(0);
    }

    private static List<byte[]> start(List<byte[]> parts) throws InterruptedException {
        Properties properties = new Properties();
        for (int n = 1; n < parts.size(); n += 2) properties.setProperty(Parts.text(parts.get(n)), Parts.text(parts.get(n + 1)));
        KinesisProducerConfiguration configuration = KinesisProducerConfiguration.fromProperties(properties);
        configuration.setCredentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "none")));
        producer = new KinesisProducer(configuration);
        stream = Parts.text(parts.get(0));
        // This makes it ask for the shards. Until it knows them it sends every record alone.
        producer.flush(stream);
        Thread.sleep(2000);
        return List.of();
    }

    private static List<byte[]> put(List<byte[]> parts) throws InterruptedException {
        List<Object> pending = new ArrayList<>();
        for (int n = 0; n < parts.size(); n += 3) pending.add(add(parts.get(n), parts.get(n + 1), parts.get(n + 2)));
        producer.flush(stream);
        List<byte[]> results = new ArrayList<>();
        for (Object each : pending) results.addAll(resultOf(each));
        return results;
    }

    /** What will have its result, or the error. */
    private static Object add(byte[] key, byte[] explicit, byte[] data) {
        String explicitHashKey = explicit.length == 0 ? null : Parts.text(explicit).substring(1);
        try {
            return producer.addUserRecord(stream, Parts.text(key), explicitHashKey, ByteBuffer.wrap(data));
        } catch (IllegalArgumentException error) {
            return error;
        }
    }

    private static List<byte[]> resultOf(Object pending) throws InterruptedException {
        if (!(pending instanceof ListenableFuture<?> future)) return result("refused: " + ((Exception) pending).getMessage(), "", "");
        try {
            UserRecordResult done = (UserRecordResult) future.get();
            return result("ok", done.getShardId(), done.getSequenceNumber());
        } catch (ExecutionException error) {
            if (!(error.getCause() instanceof UserRecordFailedException failure)) return result("failed: " + error.getCause(), "", "");
            List<Attempt> attempts = failure.getResult().getAttempts();
            return result("failed: " + attempts.get(attempts.size() - 1).getErrorMessage(), "", "");
        }
    }

    private static List<byte[]> result(String... parts) {
        return List.of(parts).stream().map(part -> part.getBytes(StandardCharsets.UTF_8)).toList();
    }
}
