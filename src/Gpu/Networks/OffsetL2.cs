namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// The weighted distance to a learned prototype per output, with μ and α: [outputs, inputs]; see <see cref="OffsetL2Form"/>.
/// Where the squared distance is below 1e-12 the gradient is 0. (Oursland, arXiv:2502.02103.)
/// </summary>
/// <param name="Outputs">Number of prototypes, at least 1.</param>
/// <param name="Form">How α enters.</param>
public sealed record OffsetL2(int Outputs, OffsetL2Form Form = OffsetL2Form.Paper) : DistanceLayer(Outputs)
{
    /// <summary>The squared distance below which it is clamped and the gradient vanishes.</summary>
    public const float SmallestSquaredDistance = 1e-12f;

    /// <summary>How it is written.</summary>
    internal static LayerSyntax Syntax { get; } = new(
        "offset-l2", "Weighted distances to N learned prototypes; in the author's form: offset-l2(N, form: reference).",
        (outputs, choice, form) => new OffsetL2(outputs, choice is null ? form : (OffsetL2Form)choice))
    {
        Option = new("form", "paper", "reference"),
    };

    private protected override string Text => Syntax.Write(Outputs, (int)Form);
}
