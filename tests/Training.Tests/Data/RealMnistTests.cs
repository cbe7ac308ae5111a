using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class RealMnistTests
{
    [SkippableFact]
    public void The_real_files_are_recognized_and_have_the_published_properties()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        Dataset mnist = DatasetFolder.Read(RealMnist.Folder);

        Assert.Equal("MNIST", mnist.Name);
        Assert.All(mnist.Files, file => Assert.Equal(FileVerdict.Published, mnist.VerdictOf(file)));
        Assert.Equal((60_000, 10_000), (mnist.Train.Count, mnist.Test.Count));
        Assert.Equal((28, 28, 10), (mnist.Train.Height, mnist.Train.Width, mnist.Classes));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], mnist.Train.CountPerClass(10));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], mnist.Test.CountPerClass(10));
        // The well-known 0.1307 and 0.3081 of pixels from 0 to 1; more digits from exact fractions in Python.
        Assert.Equal(0.1306604762738429, mnist.Statistics.Mean / 255, 1e-12);
        Assert.Equal(0.3081078038564627, mnist.Statistics.StandardDeviation / 255, 1e-12);
    }
}
