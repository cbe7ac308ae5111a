namespace IlgpuDistance.Training.Models;

/// <summary>A tensor of a saved model.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">Its shape; empty for a single value.</param>
/// <param name="Values">Its values, row-major: as many as the product of the shape.</param>
internal sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<float> Values);

/// <summary>What a safetensors file holds.</summary>
/// <param name="Metadata">Free text by key.</param>
/// <param name="Tensors">The tensors in the order of the file's header.</param>
internal sealed record TensorFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<NamedTensor> Tensors)
{
    /// <summary>The SHA-256 of the file from which it was read, in hexadecimal; null where it was not.</summary>
    public string? Sha256 { get; init; }
}
