using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Models;

/// <summary>A named network of arXiv:2502.02103 or of the code that was published with it.</summary>
public sealed class PaperModel
{
    private readonly Func<int, int, OffsetL2Form, Network> _build;

    internal PaperModel(string name, string description, Func<int, int, OffsetL2Form, Network> build)
    {
        Name = name;
        Description = description;
        _build = build;
    }

    /// <summary>The name, as the paper or the author's code writes it.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Description { get; }

    /// <summary>The network.</summary>
    /// <param name="classes">Number of classes: the width of the last layer.</param>
    /// <param name="form">How α enters in an OffsetL2 layer.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    public Network Create(int classes, OffsetL2Form form = OffsetL2Form.Paper, int hidden = PaperModels.HiddenWidth) =>
        _build(hidden, classes, form);
}
