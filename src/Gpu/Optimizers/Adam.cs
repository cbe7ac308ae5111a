using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// Adam with decoupled weight decay (D. P. Kingma and J. Ba, arXiv:1412.6980; I. Loshchilov and F. Hutter, arXiv:1711.05101):
/// m ← m + (1 − β₁) (g − m), v ← v + (1 − β₂) (g² − v), p ← p − η (λ p + c₁ m / (c₂ √v + ε)), with c₁ = 1 / (1 − β₁ᵗ) and
/// c₂ = 1 / √(1 − β₂ᵗ) in step t. (PyTorch's Adam without weight decay, AdamW with it.)
/// </summary>
/// <param name="Beta1">β₁, at least 0 and below 1.</param>
/// <param name="Beta2">β₂, at least 0 and below 1.</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record Adam(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : Optimizer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Optimizer> Syntax { get; } = new(
        "adam(B1, B2, epsilon: E, weight-decay: D)",
        "Adam with B1 = 0.9, B2 = 0.999 and E = 1e-8 where they are not given; with weight decay AdamW.",
        call => new Adam(
            call.Number("beta1", 0.9, hasPlace: true), call.Number("beta2", 0.999, hasPlace: true), call.Number("epsilon", 1e-8),
            call.Number("weight-decay", 0)));

    /// <inheritdoc/>
    public override IReadOnlyList<string> State => ["mean", "variance"];

    /// <inheritdoc/>
    public override void Check()
    {
        Expect(Beta1 >= 0 && (float)Beta1 < 1, "beta1", Beta1, BelowOne);
        Expect(Beta2 >= 0 && (float)Beta2 < 1, "beta2", Beta2, BelowOne);
        // Padding, where m and v are 0, has to stay 0; and a subnormal number is 0 on many GPUs.
        Expect(float.IsNormal((float)Epsilon) && Epsilon > 0, "epsilon", Epsilon, "a finite number above 1e-37");
        ExpectDecay(WeightDecay);
    }

    private protected override string Text => CallText.Write(
        "adam", CallText.Write(Beta1), CallText.Write(Beta2), CallText.Write("epsilon", Epsilon, 1e-8),
        CallText.Write("weight-decay", WeightDecay, 0));

    // The corrections in float64: 1 − β₂ᵗ of the first steps would have three digits left in float32.
    internal override void Step<TTaker>(long step, ref TTaker taker) => taker.Take(new AdamStep(
        (float)(1 - Beta1), (float)(1 - Beta2), (float)(1 / (1 - Math.Pow(Beta1, step))),
        (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))),
        (float)Epsilon, (float)WeightDecay));
}

/// <summary>The step of <see cref="Adam"/>.</summary>
/// <param name="ofGradient">1 − β₁</param>
/// <param name="ofSquare">1 − β₂</param>
/// <param name="meanCorrection">c₁</param>
/// <param name="rootCorrection">c₂</param>
/// <param name="epsilon">ε</param>
/// <param name="decay">λ</param>
internal readonly struct AdamStep(
    float ofGradient, float ofSquare, float meanCorrection, float rootCorrection, float epsilon, float decay) : IStepRule
{
    private readonly float _ofGradient = ofGradient, _ofSquare = ofSquare, _meanCorrection = meanCorrection;
    private readonly float _rootCorrection = rootCorrection, _epsilon = epsilon, _decay = decay;

    public static string Name => "adam";

    public static string Formula => "m ← m + (1 − β₁) (g − m), v ← v + (1 − β₂) (g² − v), p ← p − η (λ p + c₁ m / (c₂ √v + ε))";

    public static int Flop => 16;

    public int StateCount => 2;

    public T Step<TMath, T>(T rate, T p, T g, ref T mean, ref T variance) where TMath : IArithmetic<T>
    {
        mean = TMath.MultiplyAdd(TMath.Create(_ofGradient), TMath.Subtract(g, mean), mean);
        variance = TMath.MultiplyAdd(TMath.Create(_ofSquare), TMath.MultiplyAdd(g, g, TMath.Negate(variance)), variance);
        T root = TMath.MultiplyAdd(TMath.Create(_rootCorrection), TMath.Sqrt(variance), TMath.Create(_epsilon));
        T direction = TMath.Divide(TMath.Multiply(TMath.Create(_meanCorrection), mean), root);
        return TMath.MultiplyAdd(TMath.Negate(rate), TMath.MultiplyAdd(TMath.Create(_decay), p, direction), p);
    }
}
