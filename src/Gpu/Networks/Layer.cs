namespace IlgpuDistance.Gpu.Networks;

/// <summary>One layer of a <see cref="Network"/>, without the width of its input, which the layer before it decides.</summary>
/// <remarks>x: [samples, inputs] is a layer's input, y: [samples, outputs] its output.</remarks>
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>The number of outputs for the given number of inputs.</summary>
    public virtual int OutputsFor(int inputs) => inputs;

    /// <summary>The layer as <see cref="Network.Parse"/> reads it, e.g. <c>linear(10, bias: false)</c>.</summary>
    public sealed override string ToString() => Text;

    private protected abstract string Text { get; }
}

/// <summary>y = x Wᵀ + b, with W: [outputs, inputs], b: [outputs].</summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
/// <param name="Bias">Whether the layer has b.</param>
public sealed record Linear(int Outputs, bool Bias = true) : Layer
{
    /// <inheritdoc/>
    public override int OutputsFor(int inputs) => Outputs;

    private protected override string Text => Bias ? $"linear({Outputs})" : $"linear({Outputs}, bias: false)";
}

/// <summary>y = |x|. The derivative at exactly 0 is 0, as in PyTorch.</summary>
public sealed record Abs : Layer
{
    private protected override string Text => "abs";
}

/// <summary>y = max(x, 0). The derivative at exactly 0 is 0, as in PyTorch.</summary>
public sealed record ReLU : Layer
{
    private protected override string Text => "relu";
}

/// <summary>y = −x: turns a distance into something that softmax can maximise.</summary>
public sealed record Neg : Layer
{
    private protected override string Text => "neg";
}

/// <summary>The two ways in which the weights of <see cref="OffsetL2"/> enter.</summary>
public enum OffsetL2Form
{
    /// <summary>The paper's equation: y_j = sqrt(max(Σ_i α_ji² (x_i − μ_ji)², 1e-12)).</summary>
    Paper,

    /// <summary>What the author's code computes: y_j = sqrt(max(Σ_i α_ji (x_i − μ_ji)², 1e-12)). Here α may go negative.</summary>
    Reference,
}

/// <summary>
/// The weighted distance to a learned prototype per output, with μ and α: [outputs, inputs]; see <see cref="OffsetL2Form"/>.
/// Where the squared distance is below 1e-12 the gradient is 0. (Oursland, arXiv:2502.02103.)
/// </summary>
/// <param name="Outputs">Number of prototypes, at least 1.</param>
/// <param name="Form">How α enters.</param>
public sealed record OffsetL2(int Outputs, OffsetL2Form Form = OffsetL2Form.Paper) : Layer
{
    /// <summary>The squared distance below which it is clamped and the gradient vanishes.</summary>
    public const float SmallestSquaredDistance = 1e-12f;

    /// <inheritdoc/>
    public override int OutputsFor(int inputs) => Outputs;

    private protected override string Text =>
        Form == OffsetL2Form.Paper ? $"offset-l2({Outputs})" : $"offset-l2({Outputs}, form: reference)";
}

/// <summary>y_j = Σ_i w_ji (x_i − c_ji), with the slopes w and the offsets c: [outputs, inputs].</summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
public sealed record PointSlope(int Outputs) : Layer
{
    /// <inheritdoc/>
    public override int OutputsFor(int inputs) => Outputs;

    private protected override string Text => $"point-slope({Outputs})";
}
