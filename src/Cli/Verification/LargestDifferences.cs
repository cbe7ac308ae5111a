using System.Globalization;

namespace IlgpuDistance.Cli.Verification;

/// <summary>How far results are from what is expected: the largest of each kind.</summary>
internal sealed class LargestDifferences
{
    private readonly Dictionary<string, double> _largest = [];

    /// <summary>
    /// Compares two tensors by the Euclidean norm of their difference, relative to that of what is expected (or the former
    /// itself where that is 0).
    /// </summary>
    /// <param name="kind">What they are: "logits".</param>
    /// <param name="of">Of what, in the message: "ReLU2".</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="actual">What the device says.</param>
    /// <param name="tolerance">The largest difference that is allowed.</param>
    /// <exception cref="Discrepancy">It is larger, or no number.</exception>
    public void Add(string kind, string of, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        double squares = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            squares += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            norm += expected[i] * expected[i];
        }
        Add(kind, of, norm == 0 ? Math.Sqrt(squares) : Math.Sqrt(squares / norm), tolerance);
    }

    /// <summary>Compares two numbers.</summary>
    /// <inheritdoc cref="Add(string, string, ReadOnlySpan{double}, ReadOnlySpan{float}, double)"/>
    public void Add(string kind, string of, double expected, double actual, double tolerance) =>
        Add(kind, of, Math.Abs(expected - actual) / (expected == 0 ? 1 : Math.Abs(expected)), tolerance);

    /// <summary>The largest relative difference of each kind.</summary>
    public override string ToString() => string.Join(", ", _largest.Select(pair => $"{pair.Key} {Text(pair.Value)}"));

    private void Add(string kind, string of, double difference, double tolerance)
    {
        _largest[kind] = Math.Max(difference, _largest.GetValueOrDefault(kind));
        if (!(difference <= tolerance))
        {
            throw new Discrepancy(
                $"{kind} of {of}: relative difference {Text(difference)}; at most {Text(tolerance)} is allowed");
        }
    }

    private static string Text(double value) => value.ToString("0.0e0", CultureInfo.InvariantCulture);
}
