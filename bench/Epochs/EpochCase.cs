using System.Globalization;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>One line of the table.</summary>
/// <param name="Model">A name from the paper.</param>
/// <param name="Batch"><c>full</c> or the number of samples per step.</param>
/// <param name="BatchSize">The same as a number.</param>
/// <param name="Threads">Threads of either program.</param>
internal sealed record EpochCase(string Model, string Batch, int BatchSize, int Threads)
{
    /// <summary>A case from the text of options.</summary>
    /// <exception cref="InputException">The batch or the number of threads cannot be used.</exception>
    public static EpochCase Of(string model, string batch, int threads)
    {
        int size = int.MaxValue;
        if (batch != "full" && (!int.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size < 1))
            throw new InputException($"--batch {batch}: expected full or a whole number");
        if (threads < 1)
            throw new InputException($"--threads {threads}: expected 1 or more");
        return new EpochCase(model, batch, size, threads);
    }

    /// <summary>The options that measure this line alone.</summary>
    public string Options => $"--models {Model} --batch {Batch} --threads {Threads}";
}
