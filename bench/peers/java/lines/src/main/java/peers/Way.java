package peers;

import java.util.List;

/** A way of going through a corpus. */
public interface Way {
    /** One pass; gives the number of bytes touched. */
    long pass() throws Exception;

    /** The outcome, in parts that the benchmark knows. */
    List<byte[]> outcome() throws Exception;
}
