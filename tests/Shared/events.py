"""Reads a folder of TensorBoard's events, after the formats' definitions and with the standard library alone.

Prints JSON: {"numbers": {tag: {step: value}}, "histograms": {tag: {step: {...}}}}, with what TensorBoard drops left out, which is
what earlier files have of the step at which a session starts and of later ones. Ends with an error on a wrong check sum.
"""
import json
import os
import struct
import sys

TABLE = []
for byte in range(256):
    crc = byte
    for _ in range(8):
        crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    TABLE.append(crc)


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        size, size_sum = struct.unpack_from("<QI", data, at)
        assert masked_crc(data[at:at + 8]) == size_sum, f"the length at {at} has another sum"
        content = data[at + 12:at + 12 + size]
        assert masked_crc(content) == struct.unpack_from("<I", data, at + 12 + size)[0], f"the record at {at} has another sum"
        yield content
        at += 16 + size


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif kind == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        else:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def doubles(data):
    return list(struct.unpack(f"<{len(data) // 8}d", data))


numbers, histograms = {}, {}
# TensorBoard passes over files of other names.
for name in sorted(name for name in os.listdir(sys.argv[1]) if "tfevents" in name):
    with open(os.path.join(sys.argv[1], name), "rb") as file:
        events = [dict(fields(record)) for record in records(file.read())]
    assert events[0][3] == b"brain.Event:2", events[0]
    for event in events:
        assert event[1] > 1e9, "the time is none"
        step = event[2]
        if 7 in event:
            assert dict(fields(event[7])) == {1: 1}, "no start of a session"
            for series in list(numbers.values()) + list(histograms.values()):
                for later in [known for known in series if known >= step]:
                    del series[later]
        for field, value in fields(event.get(5, b"")):
            assert field == 1
            value = dict(fields(value))
            tag = value[1].decode()
            series = (numbers if 2 in value else histograms).setdefault(tag, {})
            assert step not in series, f"{tag} has step {step} twice"
            if 2 in value:
                series[step] = value[2]
            else:
                histogram = dict(fields(value[5]))
                series[step] = {
                    "min": histogram[1], "max": histogram[2], "num": histogram[3], "sum": histogram[4], "squares": histogram[5],
                    "limits": doubles(histogram[6]), "counts": doubles(histogram[7])}
print(json.dumps({"numbers": numbers, "histograms": histograms}))
