using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>Networks on a few images of few pixels, run by the float64 reference.</summary>
internal static class TinySubject
{
    /// <summary>A subject with the given images for training and testing alike.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters in the host layout.</param>
    /// <param name="images">The grey values of each image.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="scaling">What the network sees of a pixel; null for the bytes themselves.</param>
    public static AnalysisSubject Of(string network, float[] parameters, byte[][] images, byte[] labels,
        PixelScaling? scaling = null)
    {
        var set = new ImageSet(images.SelectMany(image => image).ToArray(), labels, height: 1, width: images[0].Length);
        int classes = Math.Max(2, labels.Max() + 1);
        var dataset = new Dataset { Name = "tiny", Location = "test", Train = set, Test = set, Classes = classes, Files = [] };
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse(network), set.PixelsPerImage, classes);
        var subject = new AnalysisSubject(plan, plan => new ReferenceExecutor(plan), dataset, scaling ?? new PixelScaling(1, 0));
        subject.Load(parameters);
        return subject;
    }

    /// <summary>A network of the given layers with random parameters on random images of 6 pixels in 3 classes.</summary>
    public static AnalysisSubject Random(string network, int count = 40, int seed = 3)
    {
#pragma warning disable CA5394 // Test data need not be unpredictable.
        var random = new Random(seed);
        byte[][] images = [.. Enumerable.Range(0, count)
            .Select(_ => (byte[])[.. Enumerable.Range(0, 6).Select(_ => (byte)random.Next(256))])];
        byte[] labels = [.. Enumerable.Range(0, count).Select(s => (byte)(s % 3))];
        int parameters = NetworkPlan.Compile(Network.Parse(network), 6, 3).ParameterCount;
        return Of(network, [.. Enumerable.Range(0, parameters).Select(_ => 2 * random.NextSingle() - 1)], images, labels,
            new PixelScaling(1f / 255, 0));
#pragma warning restore CA5394
    }
}
