"""aws_kinesis_agg of awslabs: its deaggregator gives base64 text, its aggregator bytes."""

import base64

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import iter_deaggregate_records

from lines import serve


def read(corpus):
    payloads, _ = corpus
    records = [
        {"Data": data, "PartitionKey": "a", "SequenceNumber": "1", "ApproximateArrivalTimestamp": 1} for data in payloads
    ]
    return (record["kinesis"] for record in iter_deaggregate_records(records, data_format="Boto3"))


def read_pass(corpus):
    return sum(len(record["partitionKey"]) + len(record["data"]) for record in read(corpus))


def read_outcome(corpus):
    for record in read(corpus):
        yield record["partitionKey"].encode()
        yield base64.b64decode(record["data"])


def write(corpus):
    _, groups = corpus
    aggregator = RecordAggregator()
    for group in groups:
        for key, data in group:
            full = aggregator.add_user_record(key, data)
            if full is not None:
                yield full.get_contents()[2]
        yield aggregator.clear_and_get().get_contents()[2]


def write_pass(corpus):
    return sum(len(data) for data in write(corpus))


serve({"read": (read_pass, read_outcome), "write": (write_pass, write)})
