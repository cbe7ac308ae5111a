using System.Globalization;

namespace IlgpuDistance.Cli.Verification;

/// <summary>
/// How far results are from what is expected: the largest difference of each kind, and what is wrong. A difference that is too
/// large ends nothing, so that all that is wrong is known at the end.
/// </summary>
internal sealed class LargestDifferences
{
    /// <summary>As many names as a reader looks at.</summary>
    private const int MostNames = 30;

    private readonly Dictionary<string, Largest> _largest = [];
    private readonly HashSet<string> _subjects = [];
    private readonly List<string> _wrong = [];

    /// <summary>How many figures were wrong.</summary>
    public int WrongFigures { get; private set; }

    /// <summary>
    /// Compares two tensors by the Euclidean norm of their difference, relative to that of what is expected (or the former
    /// itself where that is 0).
    /// </summary>
    /// <param name="kind">What they are: "logits".</param>
    /// <param name="subject">What they are of: "ReLU2".</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="actual">What the device says.</param>
    /// <param name="tolerance">The largest difference that is allowed.</param>
    /// <param name="part">Which of several of that kind: the name of a tensor.</param>
    /// <returns>Whether it is right: no larger than allowed, and a number.</returns>
    public bool Add(
        string kind, string subject, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance,
        string? part = null)
    {
        double squares = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            squares += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            norm += expected[i] * expected[i];
        }
        return AddDifference(kind, subject, norm == 0 ? Math.Sqrt(squares) : Math.Sqrt(squares / norm), tolerance, part);
    }

    /// <summary>Compares two numbers.</summary>
    /// <inheritdoc cref="Add(string, string, ReadOnlySpan{double}, ReadOnlySpan{float}, double, string)"/>
    public bool Add(string kind, string subject, double expected, double actual, double tolerance, string? part = null) =>
        AddDifference(
            kind, subject, Math.Abs(expected - actual) / (expected == 0 ? 1 : Math.Abs(expected)), tolerance, part);

    /// <summary>Takes a difference that was computed elsewhere.</summary>
    /// <inheritdoc cref="Add(string, string, ReadOnlySpan{double}, ReadOnlySpan{float}, double, string)"/>
    public bool AddDifference(string kind, string subject, double difference, double tolerance, string? part = null)
    {
        bool isRight = difference <= tolerance;
        _subjects.Add(subject);
        if (!isRight)
        {
            WrongFigures++;
            if (!_wrong.Contains(subject))
                _wrong.Add(subject);
        }
        var found = new Largest(difference, tolerance, part is null ? subject : $"{part} of {subject}", isRight);
        if (!_largest.TryGetValue(kind, out Largest? largest) || found.IsBehind(largest))
            _largest[kind] = found;
        return isRight;
    }

    /// <summary>Says what was found.</summary>
    /// <param name="noun">What was compared: "models".</param>
    /// <returns>The largest difference of each kind.</returns>
    /// <exception cref="Discrepancy">Something is wrong; the message names it.</exception>
    public string Conclude(string noun)
    {
        if (_wrong.Count == 0)
            return $"{_subjects.Count} {noun}: {string.Join(", ", _largest.Select(pair => $"{pair.Key} {pair.Value}"))}";
        throw new Discrepancy(
            $"{_wrong.Count} of {_subjects.Count} {noun} are wrong: {Names(_wrong)}; the largest relative differences: " +
            string.Join(", ", _largest.Where(pair => !pair.Value.IsRight).Select(pair =>
                $"{pair.Key} {pair.Value} ({pair.Value.Where}; at most {Text(pair.Value.Tolerance)} is allowed)")));
    }

    /// <summary>The first of many names, and how many more there are.</summary>
    internal static string Names(IReadOnlyCollection<string> names) => names.Count <= MostNames
        ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";

    private static string Text(double value) => value.ToString("0.0e0", CultureInfo.InvariantCulture);

    private sealed record Largest(double Difference, double Tolerance, string Where, bool IsRight)
    {
        /// <summary>Whether it is the worse of two: wrong before right, no number before any, and the larger one.</summary>
        public bool IsBehind(Largest other) => IsRight != other.IsRight ? !IsRight
            : double.IsNaN(Difference) ? !double.IsNaN(other.Difference)
            : Difference > other.Difference;

        public override string ToString() => Text(Difference);
    }
}
