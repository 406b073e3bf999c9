"""Google's protobuf. "read": messages of aggregates; a reading of each.
"see": messages; for each the tags of all records as JSON, and the message serialised again."""

import json

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from parts import explicit, joined, serve

FIELD = descriptor_pb2.FieldDescriptorProto
MESSAGES = {
    "AggregatedRecord": [
        ("partition_key_table", FIELD.LABEL_REPEATED, FIELD.TYPE_STRING, None),
        ("explicit_hash_key_table", FIELD.LABEL_REPEATED, FIELD.TYPE_STRING, None),
        ("records", FIELD.LABEL_REPEATED, FIELD.TYPE_MESSAGE, ".Record"),
    ],
    "Record": [
        ("partition_key_index", FIELD.LABEL_REQUIRED, FIELD.TYPE_UINT64, None),
        ("explicit_hash_key_index", FIELD.LABEL_OPTIONAL, FIELD.TYPE_UINT64, None),
        ("data", FIELD.LABEL_REQUIRED, FIELD.TYPE_BYTES, None),
        ("tags", FIELD.LABEL_REPEATED, FIELD.TYPE_MESSAGE, ".Tag"),
    ],
    "Tag": [
        ("key", FIELD.LABEL_REQUIRED, FIELD.TYPE_STRING, None),
        ("value", FIELD.LABEL_OPTIONAL, FIELD.TYPE_STRING, None),
    ],
}


def aggregated_record():
    file = descriptor_pb2.FileDescriptorProto(name="aggregated-record.proto", syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, (field, label, kind, type_name) in enumerate(fields, 1):
            message.field.add(name=field, number=number, label=label, type=kind, type_name=type_name)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("AggregatedRecord"))


AggregatedRecord = aggregated_record()


def read(messages):
    return [reading(message) for message in messages]


def reading(message):
    try:
        decoded = AggregatedRecord.FromString(message)
        keys, explicit_keys = list(decoded.partition_key_table), list(decoded.explicit_hash_key_table)
        parts = [b"ok"]
        for n, record in enumerate(decoded.records):
            own = record.HasField("explicit_hash_key_index")
            explicit_key = explicit_keys[record.explicit_hash_key_index] if own else None
            parts += [b"1", keys[record.partition_key_index].encode(), explicit(explicit_key), str(n).encode(), record.data]
        return joined(parts)
    except Exception as error:
        return joined([repr(error).encode()])


def see(messages):
    decoded = [AggregatedRecord.FromString(message) for message in messages]
    return [part for message in decoded for part in (tags(message), message.SerializeToString())]


def tags(message):
    pairs = [[[tag.key, tag.value if tag.HasField("value") else None] for tag in record.tags] for record in message.records]
    return json.dumps(pairs).encode()


serve({"read": read, "see": see})
