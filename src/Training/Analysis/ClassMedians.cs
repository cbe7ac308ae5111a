using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>Medians and mean absolute deviations from them of a layer's outputs by class, on the host.</summary>
internal sealed class ClassMedians : IClassStatistics
{
    private readonly (double[] Centers, double[] Spreads)[] _ofClasses, _ofOthers;

    /// <summary>Measures the outputs of a layer.</summary>
    /// <exception cref="Gpu.Errors.InputException">An activation is not finite.</exception>
    public static ClassMedians Of(AnalysisSubject subject, Split split, int layer)
    {
        using (var activations = subject.Activations(split, layer))
            _ = subject.Checked(activations.Sum(threshold: 0), layer);
        byte[] labels = subject.ImagesOf(split).Labels.ToArray();
        return new ClassMedians(subject.ReadActivations(split, layer), labels, subject.Plan.Classes);
    }

    /// <param name="values">[samples, nodes] row-major, all finite.</param>
    /// <param name="labels">[samples]</param>
    /// <param name="classes">Number of classes.</param>
    internal ClassMedians(float[] values, byte[] labels, int classes)
    {
        int width = values.Length / labels.Length;
        Counts = new int[classes];
        foreach (byte label in labels)
            Counts[label]++;
        (double[], double[])[] Empty() => [.. Counts.Select(_ => (new double[width], new double[width]))];
        _ofClasses = Empty();
        _ofOthers = Empty();
        Parallel.For(0, width, node =>
        {
            // In order once: what is taken of it for a class stays in order.
            float[] column = [.. labels.Select((_, s) => values[s * width + node])];
            byte[] sortedLabels = [.. labels];
            Array.Sort(column, sortedLabels);
            for (int c = 0; c < classes; c++)
            {
                float[] ofClass = [.. column.Where((_, s) => sortedLabels[s] == c)];
                float[] ofOthers = [.. column.Where((_, s) => sortedLabels[s] != c)];
                (_ofClasses[c].Centers[node], _ofClasses[c].Spreads[node]) = Measure(ofClass);
                (_ofOthers[c].Centers[node], _ofOthers[c].Spreads[node]) = Measure(ofOthers);
            }
        });
    }

    /// <inheritdoc/>
    public int[] Counts { get; }

    /// <inheritdoc/>
    public (double[] Centers, double[] Spreads) OfClass(int c) => _ofClasses[c];

    /// <inheritdoc/>
    public (double[] Centers, double[] Spreads) OfOthers(int c) => _ofOthers[c];

    /// <summary>Median and mean absolute deviation from it of ordered values; 0 of none.</summary>
    private static (double Median, double Deviation) Measure(float[] values)
    {
        if (values.Length == 0)
            return (0, 0);
        double median = ((double)values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
        return (median, values.Average(value => Math.Abs(value - median)));
    }
}
