using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Finds the image that lies closest to a prototype, by gradient descent on the distance that a network with a layer of distances
/// measures.
/// </summary>
/// <param name="subject">The network, whose parameters are set.</param>
/// <param name="layer">Index of the layer of distances.</param>
internal sealed class ClosestInputSearch(AnalysisSubject subject, int layer)
{
    private const int MostSteps = 400;

    /// <summary>The first step moves no pixel by more than this part of the range.</summary>
    private const double FirstMove = 0.05;

    /// <summary>A step that moves no pixel by more than this part of the range ends the search.</summary>
    private const double LeastMove = 1e-5;

    private readonly float _black = subject.Scaling.Shift;
    private readonly float _white = 255 * subject.Scaling.Scale + subject.Scaling.Shift;

    /// <summary>Descends from an image, with pixels between 0 and 255.</summary>
    /// <param name="prototype">Index of the prototype.</param>
    /// <param name="start">The grey values to begin with.</param>
    public ClosestInput From(int prototype, byte[] start)
    {
        float[] image = [.. start.Select(pixel => subject.Scaling.Scale * pixel + subject.Scaling.Shift)];
        float[] gradient = new float[image.Length], tried = new float[image.Length], triedGradient = new float[image.Length];
        float distance = Measure(prototype, image, gradient), startDistance = distance;
        double range = _white - _black, step = FirstMove * range / gradient.Max(Math.Abs);
        int steps = 0;
        while (steps < MostSteps && double.IsFinite(step))
        {
            double move = 0;
            for (int i = 0; i < image.Length; i++)
            {
                tried[i] = (float)Math.Clamp(image[i] - step * gradient[i], _black, _white);
                move = Math.Max(move, Math.Abs(tried[i] - image[i]));
            }
            if (move < LeastMove * range)
                break;
            float triedDistance = Measure(prototype, tried, triedGradient);
            steps++;
            if (triedDistance < distance)
            {
                (distance, image, tried) = (triedDistance, tried, image);
                (gradient, triedGradient) = (triedGradient, gradient);
                step *= 1.5;
            }
            else
            {
                step /= 3;
            }
        }
        byte[] pixels = [.. image.Select(value =>
            (byte)Math.Clamp(Math.Round((value - subject.Scaling.Shift) / subject.Scaling.Scale), 0, 255))];
        return new ClosestInput(pixels, distance, startDistance, steps);
    }

    /// <summary>The distance of an image, and its gradient with respect to the pixels as the network sees them.</summary>
    private float Measure(int prototype, float[] image, float[] gradient)
    {
        using IDeviceSamples sample = subject.Executor.Upload(new Samples(image, image.Length));
        float[] distances = new float[subject.Plan.Layers[layer].Outputs];
        subject.Executor.ReadActivations(sample, layer, distances);
        subject.Executor.ReadInputGradients(sample, layer, prototype, gradient);
        return distances[prototype];
    }
}
