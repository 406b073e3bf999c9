package peers;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.function.Function;

/**
 * Answers the benchmark on standard input and output, one line each: load FILE; prove WAY FILE;
 * time WAY PASSES.
 */
public final class Lines {
    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Function<Corpus, Way> wayOf;
    private Way way;

    private Lines(Function<Corpus, Way> wayOf) {
        this.wayOf = wayOf;
    }

    public static void serve(Function<Corpus, Way> wayOf) throws IOException {
        Lines lines = new Lines(wayOf);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                System.out.println("ok " + lines.answer(line.split(" ", 3)));
            } catch (Exception error) {
                System.out.println("error " + error.toString().replace('\n', ' '));
            }
        }
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "load":
                way = wayOf.apply(Corpus.load(words[1]));
                return "";
            case "prove":
                return prove(words[2]);
            case "time":
                return time(Integer.parseInt(words[2]));
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private String prove(String file) throws Exception {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(file)))) {
            for (byte[] part : way.outcome()) {
                out.writeInt(part.length);
                out.write(part);
            }
        }
        return String.valueOf(way.pass());
    }

    private String time(int passes) throws Exception {
        long touched = 0;
        long start = System.nanoTime();
        long used = SYSTEM.getProcessCpuTime();
        for (int n = 0; n < passes; n++) {
            touched = way.pass();
        }
        return (System.nanoTime() - start) + " " + (SYSTEM.getProcessCpuTime() - used) + " " + touched;
    }
}
