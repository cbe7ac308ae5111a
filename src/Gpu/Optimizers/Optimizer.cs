using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// How parameters change at the end of a batch, as text such as <c>momentum(0.9)</c>. Each optimizer is a file: its arguments,
/// and a structure with the formula of its step for kernels and for SIMD.
/// </summary>
public abstract record Optimizer
{
    private protected Optimizer() { }

    /// <summary>All optimizers: how each is written, what it does, and how it is read.</summary>
    internal static IReadOnlyList<CallSyntax<Optimizer>> All { get; } = [Sgd.Syntax, Momentum.Syntax, Adam.Syntax];

    /// <summary>What messages call it.</summary>
    internal static Setting Setting { get; } = new("optimizer");

    /// <summary>Names of the tensors that it keeps from step to step: none, one or two, each as long as the parameters.</summary>
    public abstract IReadOnlyList<string> State { get; }

    /// <summary>Reads an optimizer from its text form.</summary>
    /// <exception cref="InputException">It is none; the message says what is wrong.</exception>
    public static Optimizer Parse(string text)
    {
        Optimizer optimizer = All.Read("optimizer", new CallText($"{Setting}", text));
        optimizer.Check();
        return optimizer;
    }

    /// <summary>The optimizer as <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => Text;

    private protected abstract string Text { get; }

    /// <summary>Checks every argument.</summary>
    /// <exception cref="InputException">One cannot be used; the message names it.</exception>
    public abstract void Check();

    /// <summary>Gives the rule of one step to whoever takes it.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="taker">An executor.</param>
    internal abstract void Step<TTaker>(long step, ref TTaker taker) where TTaker : IStepTaker, allows ref struct;

    /// <summary>Checks that an argument lies in a range.</summary>
    private protected void Expect(bool holds, string name, double value, string expected)
    {
        if (!holds)
            throw new InputException($"{Setting} \"{this}\": {name} is {CallText.Write(value)}; expected {expected}");
    }

    /// <summary>What is expected of a factor that must be below 1 in float32, too.</summary>
    private protected const string BelowOne = "0 or more and at most 0.9999999";

    private protected void ExpectDecay(double value) =>
        Expect(value >= 0 && float.IsFinite((float)value), "weight-decay", value, "a number from 0 to 3.4e38");
}
