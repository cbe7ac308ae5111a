using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>Plain gradient descent: p ← p − η (g + λ p). (PyTorch's SGD without momentum.)</summary>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record Sgd(double WeightDecay = 0) : Optimizer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Optimizer> Syntax { get; } = new(
        "sgd(weight-decay: D)", "Plain gradient descent.", call => new Sgd(call.Number("weight-decay", 0)));

    /// <inheritdoc/>
    public override IReadOnlyList<string> State => [];

    /// <inheritdoc/>
    public override void Check() => ExpectDecay(WeightDecay);

    private protected override string Text => CallText.Write("sgd", CallText.Write("weight-decay", WeightDecay, 0));

    internal override void Step<TTaker>(long step, ref TTaker taker) => taker.Take(new SgdStep((float)WeightDecay));
}

/// <summary>The step of <see cref="Sgd"/>.</summary>
internal readonly struct SgdStep(float decay) : IStepRule
{
    private readonly float _decay = decay;

    public static string Name => "sgd";

    public static string Formula => "p ← p − η (g + λ p)";

    public static int Flop => 4;

    public int StateCount => 0;

    public T Step<TMath, T>(T rate, T p, T g, ref T first, ref T second) where TMath : IArithmetic<T>
    {
        if (_decay != 0)
            g = TMath.MultiplyAdd(TMath.Create(_decay), p, g);
        return TMath.MultiplyAdd(TMath.Negate(rate), g, p);
    }
}
