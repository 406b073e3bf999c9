package peers;

public record UserRecord(String key, byte[] data) {}
