using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// A message of protocol buffers, written field by field. Fields have the numbers that its definition gives them.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>The bytes of the message.</summary>
    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    /// <summary>Adds a text.</summary>
    public ProtoMessage Text(int field, string value) => Add(
        field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value),
        output => output.WriteString(value));

    /// <summary>Adds a whole number: int32, int64 or enum.</summary>
    public ProtoMessage Whole(int field, long value) => Add(
        field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    /// <summary>Adds a number: double.</summary>
    public ProtoMessage Number(int field, double value) =>
        Add(field, WireFormat.WireType.Fixed64, sizeof(double), output => output.WriteDouble(value));

    /// <summary>Adds a number: float.</summary>
    public ProtoMessage Single(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    /// <summary>Adds the numbers of a packed repeated field: double.</summary>
    public ProtoMessage Numbers(int field, ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return Bytes(field, bytes);
    }

    /// <summary>Adds bytes.</summary>
    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        int length = value.Length;
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeLengthSize(length),
            output => output.WriteLength(length));
        _written.Write(value);
        return this;
    }

    /// <summary>Adds a message.</summary>
    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, value.Written);

    /// <summary>Adds messages to a repeated field.</summary>
    public ProtoMessage Messages(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (ProtoMessage value in values)
            Message(field, value);
        return this;
    }

    private ProtoMessage Add(int field, WireFormat.WireType type, int size, Action<CodedOutputStream> write)
    {
        byte[] bytes = new byte[CodedOutputStream.ComputeTagSize(field) + size];
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(field, type);
        write(output);
        output.CheckNoSpaceLeft();
        _written.Write(bytes);
        return this;
    }
}
