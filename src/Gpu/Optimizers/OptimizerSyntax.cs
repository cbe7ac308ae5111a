namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>How an optimizer is written; what help and messages list.</summary>
public sealed class OptimizerSyntax
{
    /// <param name="text">The optimizer with all its arguments, e.g. <c>sgd(weight-decay: D)</c>.</param>
    /// <param name="meaning">What it does, in one sentence.</param>
    /// <param name="read">Takes its arguments.</param>
    internal OptimizerSyntax(string text, string meaning, Func<CallText, Optimizer> read) =>
        (Text, Meaning, Read) = (text, meaning, read);

    /// <summary>The optimizer with all its arguments.</summary>
    public string Text { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Meaning { get; }

    /// <summary>The name without arguments.</summary>
    public string Name => Text.Split('(')[0];

    /// <summary>Takes its arguments.</summary>
    internal Func<CallText, Optimizer> Read { get; }

    /// <summary>The optimizer with the arguments that go without saying.</summary>
    public Optimizer Default => Read(new CallText(Optimizer.Setting, Name));
}
