using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class ImageSetTests
{
    [Fact]
    public void Samples_of_one_scaling_are_one_object_without_a_copy_of_the_pixels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 12).Select(value => (byte)value)];
        var images = new ImageSet(pixels, (byte[])[1, 0, 1], 2, 2);

        Samples samples = images.ToSamples(new PixelScaling(0.5f, -1));

        Assert.Same(samples, images.ToSamples(new PixelScaling(0.5f, -1)));
        Assert.NotSame(samples, images.ToSamples(new PixelScaling(0.5f, 1)));
        Assert.True(samples.Bytes.Equals(pixels.AsMemory()));
        Assert.Equal((0.5f, -1f), (samples.Scale, samples.Shift));
    }
}
