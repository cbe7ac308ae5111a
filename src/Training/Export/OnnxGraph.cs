using System.Buffers.Binary;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Export;

/// <summary>
/// The graph of an ONNX model as it grows: nodes in the order in which they are computed, and the tensors that are stored with
/// it. Numbers of fields are those of onnx.proto3.
/// </summary>
internal sealed class OnnxGraph
{
    private const int Float = 1, Int64 = 7;
    private const int WholeAttribute = 2;

    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _stored = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Stores a tensor of float32.</summary>
    /// <returns>Its name.</returns>
    public string Store(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values) =>
        Store(name, shape, Float, SafeTensors.Bytes(values));

    /// <summary>Stores the numbers of axes.</summary>
    /// <returns>Their name.</returns>
    public string StoreAxes(string name, params ReadOnlySpan<long> axes)
    {
        byte[] bytes = new byte[axes.Length * sizeof(long)];
        for (int i = 0; i < axes.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), axes[i]);
        return Store(name, [axes.Length], Int64, bytes);
    }

    /// <summary>Adds a node with one output, which has its name.</summary>
    /// <param name="name">Its name; one that is taken gets a number.</param>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">Names of tensors.</param>
    /// <param name="attribute">A whole number that the operator takes besides.</param>
    /// <param name="text">What a person is to know of it.</param>
    /// <returns>The name of the output.</returns>
    public string Add(
        string name, string type, IEnumerable<string> inputs, (string Name, long Value)? attribute = null, string text = "")
    {
        string free = name;
        for (int number = 2; !_names.Add(free); number++)
            free = $"{name}-{number}";
        var node = new ProtoMessage();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, free).Text(3, free).Text(4, type);
        if (attribute is var (key, value))
            node.Message(5, new ProtoMessage().Text(1, key).Whole(3, value).Whole(20, WholeAttribute));
        if (text.Length > 0)
            node.Text(6, text);
        _nodes.Add(node);
        return free;
    }

    /// <summary>Adds the nodes of an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="name">The name of its value.</param>
    /// <param name="inner">What the names of the values on the way begin with.</param>
    /// <param name="text">What a person is to know of the last node.</param>
    /// <returns>The name of its value; of one that needs no node its own.</returns>
    public string Add(Expression expression, string name, string inner, string text = "")
    {
        string Compute(Expression part) => Add(part, part is Expression.Result(var type, _) ? $"{inner}.{type}" : "", inner);
        return expression switch
        {
            Expression.Value value => value.Name,
            Expression.Constant constant => _names.Contains(constant.Name)
                ? constant.Name
                : Store(constant.Name, [], [constant.Number]),
            // The inputs first: a node stands behind what it needs.
            Expression.Result result => Add(name, result.Operator, [.. result.Operands.Select(Compute)], text: text),
            _ => throw new NotSupportedException($"no nodes for {expression}"),
        };
    }

    /// <summary>The graph as a message.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">The name and the width of its input.</param>
    /// <param name="output">The same of its output.</param>
    public ProtoMessage ToMessage(string name, (string Name, int Width) input, (string Name, int Width) output) =>
        new ProtoMessage().Messages(1, _nodes).Text(2, name).Messages(5, _stored)
            .Message(11, Batch(input.Name, input.Width)).Message(12, Batch(output.Name, output.Width));

    private string Store(string name, IReadOnlyList<int> shape, int type, ReadOnlySpan<byte> values)
    {
        if (!_names.Add(name))
            throw new ArgumentException($"there is a {name} already", nameof(name));
        var tensor = new ProtoMessage();
        foreach (int size in shape)
            tensor.Whole(1, size);
        _stored.Add(tensor.Whole(2, type).Text(8, name).Bytes(9, values));
        return name;
    }

    /// <summary>The description of a tensor of float32, [batch, width], where any batch will do.</summary>
    private static ProtoMessage Batch(string name, int width)
    {
        ProtoMessage shape = new ProtoMessage()
            .Message(1, new ProtoMessage().Text(2, "batch")).Message(1, new ProtoMessage().Whole(1, width));
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(
            1, new ProtoMessage().Whole(1, Float).Message(2, shape)));
    }
}
