namespace IlgpuDistance.Gpu.Networks;

/// <summary>What a layer says of one of its parameter tensors, whatever its widths.</summary>
/// <param name="Name">The key in saved files, behind the layer's index, e.g. <c>alpha</c>.</param>
/// <param name="Role">What it is to the layer; a layer has at most one tensor of each role.</param>
/// <param name="Title">What people call it, e.g. <c>prototypes μ</c>; the same for all tensors of a role.</param>
/// <param name="Initial">Where its values begin.</param>
public sealed record TensorDescription(string Name, ParameterRole Role, string Title, InitialValues Initial)
{
    /// <summary>Whether it is [outputs]; else it is [outputs, inputs].</summary>
    public bool IsVector { get; init; }

    /// <summary>Whether the device holds the transpose.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>PyTorch's shape for the given widths.</summary>
    public IReadOnlyList<int> ShapeFor(int inputs, int outputs) => IsVector ? [outputs] : [outputs, inputs];

    /// <summary>What people call the tensors of a role.</summary>
    public static string TitleOf(ParameterRole role) =>
        LayerKinds.Examples.SelectMany(layer => layer.Tensors).First(tensor => tensor.Role == role).Title;
}
