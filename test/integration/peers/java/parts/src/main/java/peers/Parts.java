package peers;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Byte strings, each after its length in four bytes; a message is one byte string of them. */
public final class Parts {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Answers the messages on standard input: a command's name and its parts. */
    public static void serve(Map<String, Command> commands) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
        // A library that prints would break into an answer.
        System.setOut(System.err);
        for (int first = in.read(); first >= 0; first = in.read()) {
            int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            List<byte[]> parts = split(in.readNBytes(length));
            byte[] reply = answer(commands.get(text(parts.get(0))), parts.subList(1, parts.size()));
            out.writeInt(reply.length);
            out.write(reply);
            out.flush();
        }
    }

    private static byte[] answer(Command command, List<byte[]> parts) {
        try {
            Parts reply = new Parts().add("ok");
            command.answer(parts).forEach(reply::add);
            return reply.toBytes();
        } catch (Throwable error) {
            return new Parts().add("error").add(error.toString()).toBytes();
        }
    }

    public Parts add(byte[] part) {
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
        bytes.writeBytes(part);
        return this;
    }

    public Parts add(String part) {
        return add(part.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    public static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        for (ByteBuffer in = ByteBuffer.wrap(bytes); in.hasRemaining(); ) {
            byte[] part = new byte[in.getInt()];
            in.get(part);
            parts.add(part);
        }
        return parts;
    }

    public static String text(byte[] part) {
        return new String(part, StandardCharsets.UTF_8);
    }

    /** What answers a message. */
    public interface Command {
        List<byte[]> answer(List<byte[]> parts) throws Exception;
    }
}
