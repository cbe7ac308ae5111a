using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Loop;

/// <summary>How well logits predict labels: the loss, the accuracy and the confusion matrix, computed in float64.</summary>
public sealed class Evaluation
{
    private readonly int[,] _confusion;

    private Evaluation(int[,] confusion, double loss, int count)
    {
        _confusion = confusion;
        Loss = loss;
        Count = count;
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Number of classes.</summary>
    public int Classes => _confusion.GetLength(0);

    /// <summary>Mean cross-entropy −log softmax(logits)[label], in nats.</summary>
    public double Loss { get; }

    /// <summary>Samples whose largest logit (the first of equals) is that of their class.</summary>
    public int Correct => Enumerable.Range(0, Classes).Sum(c => _confusion[c, c]);

    /// <summary>Accuracy in percent.</summary>
    public double Accuracy => 100.0 * Correct / Count;

    /// <summary>Samples of class <paramref name="actual"/> that were taken for class <paramref name="predicted"/>.</summary>
    public int Confusion(int actual, int predicted) => _confusion[actual, predicted];

    /// <summary>Samples of a class.</summary>
    public int CountOf(int actual) => Enumerable.Range(0, Classes).Sum(predicted => _confusion[actual, predicted]);

    /// <summary>Accuracy on the samples of a class, in percent; null where there is none.</summary>
    public double? AccuracyOf(int actual) =>
        CountOf(actual) is > 0 and int count ? 100.0 * _confusion[actual, actual] / count : null;

    /// <summary>Computes and evaluates the logits of samples.</summary>
    /// <param name="executor">Runs the network, whose parameters are set.</param>
    /// <param name="samples">The samples.</param>
    /// <returns>The evaluation, and the logits: [samples, classes] row-major.</returns>
    public static (Evaluation Evaluation, float[] Logits) Of(IExecutor executor, Samples samples)
    {
        samples.CheckLabels();
        float[] logits = executor.Logits(samples);
        return (Of(logits, samples.Labels.Span, executor.Plan.Classes), logits);
    }

    /// <summary>Evaluates logits.</summary>
    /// <param name="logits">[samples, classes] row-major.</param>
    /// <param name="labels">[samples], each below <paramref name="classes"/>; at least one.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static Evaluation Of(ReadOnlySpan<float> logits, ReadOnlySpan<byte> labels, int classes)
    {
        if (labels.IsEmpty || logits.Length != (long)labels.Length * classes)
        {
            throw new ArgumentException(
                $"{logits.Length} logits do not belong to {labels.Length} samples of {classes} classes", nameof(logits));
        }

        int[,] confusion = new int[classes, classes];
        double lossSum = 0;
        for (int sample = 0; sample < labels.Length; sample++)
        {
            var row = logits.Slice(sample * classes, classes);
            int predicted = Prediction.IndexOfLargest(row);
            confusion[labels[sample], predicted]++;

            // log Σ exp(z) with the largest z taken out, so that nothing overflows.
            double sum = 0;
            foreach (float logit in row)
                sum += Math.Exp((double)logit - row[predicted]);
            lossSum += Math.Log(sum) + row[predicted] - row[labels[sample]];
        }
        return new Evaluation(confusion, lossSum / labels.Length, labels.Length);
    }
}
