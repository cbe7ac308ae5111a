using System.Globalization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>One line of the table.</summary>
/// <param name="Model">A name from the paper.</param>
/// <param name="Batch"><c>full</c> or the number of samples per step.</param>
/// <param name="BatchSize">The same as a number.</param>
/// <param name="Threads">Threads of either program.</param>
/// <param name="After">Full-batch epochs that the network has been trained before.</param>
internal sealed record EpochCase(string Model, string Batch, int BatchSize, int Threads, int After)
{
    /// <summary>That of every case.</summary>
    public const float LearningRate = 0.001f;

    /// <summary>A case from the text of options.</summary>
    /// <exception cref="InputException">The batch, the number of threads or that of epochs cannot be used.</exception>
    public static EpochCase Of(string model, string batch, int threads, int after)
    {
        int size = int.MaxValue;
        if (batch != "full" && (!int.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size < 1))
            throw new InputException($"--batch {batch}: expected full or a whole number");
        if (threads < 1)
            throw new InputException($"--threads {threads}: expected 1 or more");
        if (after < 0)
            throw new InputException($"--after {after}: expected 0 or more");
        return new EpochCase(model, batch, size, threads, after);
    }

    /// <summary>The options that measure this line alone.</summary>
    public string Options => $"--models {Model} --batch {Batch} --threads {Threads} --after {After}";
}
