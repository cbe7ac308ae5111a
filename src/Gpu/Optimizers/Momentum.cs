using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// Gradient descent with momentum: with h = g + λ p, v ← μ v + h, p ← p − η v or, by Nesterov, p ← p − η (h + μ v). (PyTorch's
/// SGD without dampening.)
/// </summary>
/// <param name="Factor">μ, at least 0 and below 1.</param>
/// <param name="Nesterov">Whether the step is Nesterov's.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record Momentum(double Factor = 0.9, bool Nesterov = false, double WeightDecay = 0) : Optimizer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Optimizer> Syntax { get; } = new(
        "momentum(M, nesterov: false|true, weight-decay: D)",
        "Gradient descent with momentum M, 0.9 where it is not given.",
        call => new Momentum(call.Number("momentum", 0.9, hasPlace: true), call.Flag("nesterov", otherwise: false),
            call.Number("weight-decay", 0)));

    /// <inheritdoc/>
    public override IReadOnlyList<string> State => ["velocity"];

    /// <inheritdoc/>
    public override void Check()
    {
        Expect(Factor >= 0 && (float)Factor < 1, "momentum", Factor, BelowOne);
        ExpectDecay(WeightDecay);
    }

    private protected override string Text => CallText.Write(
        "momentum", CallText.Write(Factor), Nesterov ? "nesterov: true" : null, CallText.Write("weight-decay", WeightDecay, 0));

    internal override void Step<TTaker>(long step, ref TTaker taker) =>
        taker.Take(new MomentumStep((float)Factor, Nesterov ? 1 : 0, (float)WeightDecay));
}

/// <summary>The step of <see cref="Momentum"/>.</summary>
internal readonly struct MomentumStep(float factor, float nesterov, float decay) : IStepRule
{
    private readonly float _factor = factor, _nesterov = nesterov, _decay = decay;

    public static string Name => "momentum";

    public static string Formula => "h = g + λ p, v ← μ v + h, p ← p − η v or, by Nesterov, p − η (h + μ v)";

    public static int Flop => 8;

    public int StateCount => 1;

    public T Step<TMath, T>(T rate, T p, T g, ref T velocity, ref T unused) where TMath : IArithmetic<T>
    {
        T factor = TMath.Create(_factor), h = TMath.MultiplyAdd(TMath.Create(_decay), p, g);
        velocity = TMath.MultiplyAdd(factor, velocity, h);
        return TMath.MultiplyAdd(TMath.Negate(rate), _nesterov != 0 ? TMath.MultiplyAdd(factor, velocity, h) : velocity, p);
    }
}
