using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.TensorBoard;

/// <summary>
/// Values counted in intervals of equal width from the least to the largest. What is not finite is not counted: TensorBoard has
/// no place for it.
/// </summary>
internal sealed class Histogram
{
    /// <summary>As many as TensorFlow's own take by default.</summary>
    private const int Intervals = 30;

    private readonly double[] _limits;
    private readonly double[] _counts;

    /// <summary>Counts values.</summary>
    public Histogram(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            (Least, Largest) = Count == 0 ? (value, value) : (Math.Min(Least, value), Math.Max(Largest, value));
            Count++;
            Sum += value;
            SumOfSquares += (double)value * value;
        }
        int intervals = Count == 0 ? 0 : Least == Largest ? 1 : Intervals;
        _limits = [.. Enumerable.Range(1, intervals)
            .Select(i => i == intervals ? Largest : Least + (Largest - Least) * i / intervals)];
        _counts = new double[intervals];
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            // An interval has its upper limit, and not its lower one.
            int found = Array.BinarySearch(_limits, value);
            _counts[found < 0 ? ~found : found]++;
        }
    }

    /// <summary>How many values are counted.</summary>
    public int Count { get; }

    private double Least { get; }

    private double Largest { get; }

    private double Sum { get; }

    private double SumOfSquares { get; }

    /// <summary>The message HistogramProto.</summary>
    public ProtoMessage ToMessage() => new ProtoMessage()
        .Number(1, Least).Number(2, Largest).Number(3, Count).Number(4, Sum).Number(5, SumOfSquares)
        .Numbers(6, _limits).Numbers(7, _counts);
}
