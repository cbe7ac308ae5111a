using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Syntax;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// The learning rate in the course of a training, as a factor of the one that is asked for: <c>constant</c>, <c>cosine</c> (down
/// to 0 at the end) or <c>step(N, factor)</c> (times the factor every N epochs), each with <c>warm-up: N</c>, in whose epochs the
/// rate rises linearly from 0. It changes from step to step, not from epoch to epoch: with batches a warm-up of one epoch is a
/// ramp, too.
/// </summary>
/// <param name="WarmUp">Epochs of the warm-up.</param>
public abstract record LearningRateSchedule(int WarmUp)
{
    /// <summary>How each is written.</summary>
    internal static IReadOnlyList<CallSyntax<LearningRateSchedule>> All { get; } =
    [
        new("constant(warm-up: W)", "The learning rate as it is.", call => new ConstantRate(WarmUpIn(call))),
        new("cosine(warm-up: W)", "Half a cosine, down to 0 at the end.", call => new CosineRate(WarmUpIn(call))),
        new("step(N, FACTOR, warm-up: W)", "Times FACTOR, or 0.1, every N epochs.", call => new StepRate(
            call.Count("epochs", otherwise: null, hasPlace: true), call.Number("factor", 0.1, hasPlace: true), WarmUpIn(call))),
    ];

    /// <summary>Reads a schedule from its text form.</summary>
    /// <exception cref="InputException">It is none; the message says what is wrong.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        LearningRateSchedule schedule = All.Read("schedule", new CallText($"{Settings.Schedule}", text));
        schedule.Check();
        return schedule;
    }

    /// <summary>Whether the same epoch has another rate where there are more epochs in all.</summary>
    public virtual bool DependsOnEpochs => false;

    /// <summary>The factor of the learning rate.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="epochs">Epochs of the training.</param>
    public double FactorAt(long step, int stepsPerEpoch, int epochs)
    {
        long warmUp = (long)WarmUp * stepsPerEpoch;
        return step < warmUp ? (step + 1) / (double)warmUp : FactorBehindWarmUp((double)step / stepsPerEpoch, epochs);
    }

    /// <summary>Checks every argument.</summary>
    /// <param name="epochs">Epochs of the training, as far as they are known.</param>
    /// <exception cref="InputException">One cannot be used; the message names it.</exception>
    public virtual void Check(int? epochs = null) => Expect(WarmUp >= 0, "warm-up", WarmUp, "0 or more");

    /// <summary>The schedule as <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => Text;

    private protected abstract string Text { get; }

    /// <summary>The factor behind the warm-up.</summary>
    /// <param name="epoch">Epochs before the step, in part, those of the warm-up included.</param>
    /// <param name="epochs">Epochs of the training.</param>
    private protected abstract double FactorBehindWarmUp(double epoch, int epochs);

    private protected string? WarmUpText => CallText.Write("warm-up", WarmUp, 0);

    private protected void Expect(bool holds, string name, double value, string expected)
    {
        if (!holds)
            throw new InputException($"{Settings.Schedule} \"{this}\": {name} is {CallText.Write(value)}; expected {expected}");
    }

    private static int WarmUpIn(CallText call) => call.Count("warm-up", 0);
}

/// <summary>The rate that is asked for.</summary>
/// <param name="WarmUp">Epochs of the warm-up.</param>
public sealed record ConstantRate(int WarmUp = 0) : LearningRateSchedule(WarmUp)
{
    private protected override string Text => CallText.Write("constant", WarmUpText);

    private protected override double FactorBehindWarmUp(double epoch, int epochs) => 1;
}

/// <summary>Half a cosine, from the rate that is asked for down to 0 at the end of the training.</summary>
/// <param name="WarmUp">Epochs of the warm-up.</param>
public sealed record CosineRate(int WarmUp = 0) : LearningRateSchedule(WarmUp)
{
    /// <inheritdoc/>
    public override bool DependsOnEpochs => true;

    /// <inheritdoc/>
    public override void Check(int? epochs = null)
    {
        base.Check(epochs);
        Expect(!(WarmUp >= epochs) || epochs == 0 || WarmUp == 0, "warm-up", WarmUp,
            $"fewer than the {epochs} epochs of the training");
    }

    private protected override string Text => CallText.Write("cosine", WarmUpText);

    private protected override double FactorBehindWarmUp(double epoch, int epochs) =>
        (1 + Math.Cos(Math.PI * (epoch - WarmUp) / (epochs - WarmUp))) / 2;
}

/// <summary>The rate that is asked for, times a factor again every so many epochs.</summary>
/// <param name="Epochs">Epochs with the same rate, at least 1.</param>
/// <param name="Factor">What the rate is multiplied with, above 0.</param>
/// <param name="WarmUp">Epochs of the warm-up.</param>
public sealed record StepRate(int Epochs, double Factor = 0.1, int WarmUp = 0) : LearningRateSchedule(WarmUp)
{
    /// <inheritdoc/>
    public override void Check(int? epochs = null)
    {
        base.Check(epochs);
        Expect(Epochs >= 1, "epochs", Epochs, "1 or more, e.g. step(100, 0.1)");
        Expect(Factor > 0 && float.IsFinite((float)Factor), "factor", Factor, "a number above 0, at most 3.4e38");
    }

    private protected override string Text => CallText.Write("step", $"{Epochs}", CallText.Write(Factor), WarmUpText);

    private protected override double FactorBehindWarmUp(double epoch, int epochs) =>
        Math.Pow(Factor, Math.Floor(epoch / Epochs));
}
