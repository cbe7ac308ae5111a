using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// The same networks in float64, one sample and one scalar at a time, straight from the formulas: the reference for what
/// PyTorch's figures do not cover. Its gradients are themselves checked against finite differences of its loss.
/// </summary>
internal sealed class ReferenceNetwork(NetworkPlan plan, double[] parameters)
{
    public double[] Parameters { get; } = parameters;

    /// <summary>The smallest |x| ≠ 0 at a kink of Abs or ReLU: float32 may fall on the other side of smaller ones.</summary>
    public double SmallestMargin { get; private set; } = double.PositiveInfinity;

    /// <summary>
    /// Mean loss, correct predictions, logits [samples, classes] and gradients in the host layout; and of both the norm that
    /// they would have if nothing cancelled: of the logits with the absolute values of all terms, of the gradients with the
    /// sum of the absolute values over the samples.
    /// </summary>
    public (double Loss, int Correct, double[] Logits, double LogitMagnitude, double[] Gradients, double GradientMagnitude) Run(
        Samples samples)
    {
        double loss = 0;
        int correct = 0;
        double[] logits = new double[samples.Count * plan.Classes], gradients = new double[plan.ParameterCount];
        double[] magnitudes = new double[plan.ParameterCount];
        double[] logitMagnitudes = new double[logits.Length];
        for (int s = 0; s < samples.Count; s++)
        {
            var activations = new List<double[]> { Input(samples, s) };
            foreach (PlannedLayer layer in plan.Layers)
                activations.Add(Forward(layer, activations[^1]));

            double[] magnitude = [.. activations[0].Select(Math.Abs)];
            foreach (PlannedLayer layer in plan.Layers)
                magnitude = Magnitude(layer, magnitude);
            magnitude.CopyTo(logitMagnitudes, s * plan.Classes);

            double[] z = activations[^1];
            z.CopyTo(logits, s * plan.Classes);
            int label = samples.Labels.Span[s];
            double max = z.Max(), sum = z.Sum(v => Math.Exp(v - max));
            loss += Math.Log(sum) + max - z[label];
            correct += Array.IndexOf(z, max) == label ? 1 : 0;

            double[] dy = [.. z.Select((v, j) => (Math.Exp(v - max) / sum - (j == label ? 1 : 0)) / samples.Count)];
            double[] ofSample = new double[plan.ParameterCount];
            for (int i = plan.Layers.Count - 1; i >= 0; i--)
                dy = Backward(plan.Layers[i], activations[i], activations[i + 1], dy, ofSample);
            for (int n = 0; n < ofSample.Length; n++)
            {
                gradients[n] += ofSample[n];
                magnitudes[n] += Math.Abs(ofSample[n]);
            }
        }
        return (loss / samples.Count, correct, logits, Distance.Norm(logitMagnitudes), gradients, Distance.Norm(magnitudes));
    }

    private static double[] Input(Samples samples, int s) =>
        [.. Enumerable.Range(s * samples.Width, samples.Width).Select(n =>
            samples.Scale * (double)(samples.IsBytes ? samples.Bytes.Span[n] : samples.Floats.Span[n]) + samples.Shift)];

    private double At(ParameterTensor tensor, int j, int i) => Parameters[tensor.Offset + j * tensor.FanIn + i];

    public double[] Forward(PlannedLayer layer, double[] x)
    {
        IReadOnlyList<ParameterTensor> t = layer.Tensors;
        double Sum(int j, Func<int, double> term) => Enumerable.Range(0, layer.Inputs).Sum(term);
        if (layer.Layer is Abs or ReLU)
            SmallestMargin = Math.Min(SmallestMargin, x.Where(v => v != 0).Select(Math.Abs).DefaultIfEmpty(double.PositiveInfinity).Min());
        return layer.Layer switch
        {
            Abs => [.. x.Select(Math.Abs)],
            ReLU => [.. x.Select(v => Math.Max(v, 0))],
            Neg => [.. x.Select(v => -v)],
            _ => [.. Enumerable.Range(0, layer.Outputs).Select(j => layer.Layer switch
            {
                Linear linear => Sum(j, i => At(t[0], j, i) * x[i]) + (linear.Bias ? Parameters[t[1].Offset + j] : 0),
                OffsetL2 l2 => Math.Sqrt(Math.Max(1e-12, Sum(j, i => Weight(l2, At(t[1], j, i)) * Square(x[i] - At(t[0], j, i))))),
                PointSlope => Sum(j, i => At(t[0], j, i) * (x[i] - At(t[1], j, i))),
                _ => throw new NotSupportedException(),
            })],
        };
    }

    /// <summary>What <see cref="Forward"/> would give if all terms were positive.</summary>
    private double[] Magnitude(PlannedLayer layer, double[] x)
    {
        IReadOnlyList<ParameterTensor> t = layer.Tensors;
        double Sum(int j, Func<int, double> term) => Enumerable.Range(0, layer.Inputs).Sum(term);
        return layer.Layer switch
        {
            Abs or ReLU or Neg => x,
            _ => [.. Enumerable.Range(0, layer.Outputs).Select(j => layer.Layer switch
            {
                Linear linear => Sum(j, i => Math.Abs(At(t[0], j, i)) * x[i]) + (linear.Bias ? Math.Abs(Parameters[t[1].Offset + j]) : 0),
                OffsetL2 l2 => Math.Sqrt(Sum(j, i => Weight(l2, At(t[1], j, i)) * Square(x[i] + Math.Abs(At(t[0], j, i))))),
                PointSlope => Sum(j, i => Math.Abs(At(t[0], j, i)) * (x[i] + Math.Abs(At(t[1], j, i)))),
                _ => throw new NotSupportedException(),
            })],
        };
    }

    public double[] Backward(PlannedLayer layer, double[] x, double[] y, double[] dy, double[] gradients)
    {
        double[] dx = new double[layer.Inputs];
        IReadOnlyList<ParameterTensor> t = layer.Tensors;
        for (int j = 0; j < layer.Outputs; j++)
        {
            switch (layer.Layer)
            {
                case Abs:
                    dx[j] = Math.Sign(x[j]) * dy[j];
                    continue;
                case ReLU:
                    dx[j] = x[j] > 0 ? dy[j] : 0;
                    continue;
                case Neg:
                    dx[j] = -dy[j];
                    continue;
                case Linear { Bias: true }:
                    gradients[t[1].Offset + j] += dy[j];
                    break;
            }
            for (int i = 0; i < layer.Inputs; i++)
            {
                int at = j * layer.Inputs + i;
                double w = At(t[0], j, i);
                switch (layer.Layer)
                {
                    case Linear:
                        gradients[t[0].Offset + at] += dy[j] * x[i];
                        dx[i] += dy[j] * w;
                        break;
                    case OffsetL2 l2:
                        double alpha = At(t[1], j, i), d = x[i] - w, ratio = y[j] > 1e-6 ? dy[j] / y[j] : 0;
                        gradients[t[0].Offset + at] -= ratio * Weight(l2, alpha) * d;
                        gradients[t[1].Offset + at] += ratio * d * d * (l2.Form == OffsetL2Form.Paper ? alpha : 0.5);
                        dx[i] += ratio * Weight(l2, alpha) * d;
                        break;
                    case PointSlope:
                        gradients[t[0].Offset + at] += dy[j] * (x[i] - At(t[1], j, i));
                        gradients[t[1].Offset + at] -= dy[j] * w;
                        dx[i] += dy[j] * w;
                        break;
                }
            }
        }
        return dx;
    }

    private static double Weight(OffsetL2 layer, double alpha) => layer.Form == OffsetL2Form.Paper ? alpha * alpha : alpha;

    private static double Square(double v) => v * v;
}
