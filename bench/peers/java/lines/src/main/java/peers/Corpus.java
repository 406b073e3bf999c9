package peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is read, and what is written, by aggregate. */
public record Corpus(List<byte[]> payloads, List<List<UserRecord>> groups) {
    public static Corpus load(String file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(Path.of(file)));
        List<byte[]> payloads = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
            payloads.add(part(in));
        }
        List<List<UserRecord>> groups = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
            List<UserRecord> group = new ArrayList<>();
            for (int m = in.getInt(); m > 0; m--) {
                group.add(new UserRecord(new String(part(in), StandardCharsets.UTF_8), part(in)));
            }
            groups.add(group);
        }
        return new Corpus(payloads, groups);
    }

    private static byte[] part(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }
}
