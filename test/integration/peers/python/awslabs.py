"""aws_kinesis_agg of awslabs. "read": the data of Kinesis records; a reading of each.
"write": a part with three for each user record; what came of them."""

import base64

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import deaggregate_records

from parts import explicit, joined, serve, split


def read(payloads):
    return [reading(data) for data in payloads]


def reading(data):
    outer = {
        "kinesisSchemaVersion": "1.0",
        "sequenceNumber": "1",
        "approximateArrivalTimestamp": 1,
        "partitionKey": "outer",
        "data": base64.b64encode(data),
    }
    try:
        parts = [b"ok"]
        for record in deaggregate_records([{"kinesis": outer}]):
            kinesis = record["kinesis"]
            parts += [
                b"1" if kinesis.get("aggregated") else b"0",
                kinesis["partitionKey"].encode(),
                explicit(kinesis.get("explicitHashKey")),
                str(kinesis.get("subSequenceNumber", 0)).encode(),
                base64.b64decode(kinesis["data"]),
            ]
        return joined(parts)
    except Exception as error:
        return joined([repr(error).encode()])


def write(records):
    parts = split(records[0])
    aggregator = RecordAggregator()
    written = []
    for key, explicit_hash_key, data in zip(parts[0::3], parts[1::3], parts[2::3]):
        try:
            full = aggregator.add_user_record(key.decode(), data, explicit_hash_key[1:].decode() or None)
            written += given(full)
        except Exception as error:
            written.append(joined([b"refused: " + repr(error)[:200].encode()]))
    return written + given(aggregator.clear_and_get())


def given(full):
    if full is None:
        return []
    key, explicit_hash_key, data = full.get_contents()
    return [joined([b"ok", key.encode(), explicit(explicit_hash_key), data])]


serve({"read": read, "write": write})
