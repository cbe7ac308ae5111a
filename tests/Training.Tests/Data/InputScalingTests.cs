using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class InputScalingTests
{
    private static Dataset NewDataset(byte[] train, byte[] test) => new()
    {
        Name = "test",
        Location = "nowhere",
        Train = new ImageSet(train, new byte[train.Length / 4], 2, 2),
        Test = new ImageSet(test, new byte[test.Length / 4], 2, 2),
        Classes = 2,
        Files = [],
    };

    private static double[] Values(Samples samples) =>
        [.. samples.Bytes.ToArray().Select(value => (double)samples.Scale * value + samples.Shift)];

    [Fact]
    public void Raw_input_is_the_grey_value() =>
        Assert.Equal([0, 1, 100, 255], Values(NewDataset([0, 1, 100, 255], [1, 2, 3, 4]).TrainSamples(InputScaling.Raw)));

    [Fact]
    public void Unit_input_ends_at_1()
    {
        double[] values = Values(NewDataset([0, 51, 102, 255], [1, 2, 3, 4]).TrainSamples(InputScaling.Unit));
        Assert.Equal([0, 0.2, 0.4, 1], values.Select(value => Math.Round(value, 6)));
    }

    [Fact]
    public void Standardized_input_of_the_training_set_has_mean_0_and_standard_deviation_1()
    {
        var pixels = new byte[40_000];
        new Random(7).NextBytes(pixels);
        double[] values = Values(NewDataset(pixels, [1, 2, 3, 4]).TrainSamples(InputScaling.Standardized));
        double mean = values.Average();
        Assert.Equal(0, mean, 1e-6);
        Assert.Equal(1, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), 1e-6);
    }

    [Fact]
    public void The_test_set_is_standardized_with_the_statistics_of_the_training_set()
    {
        // The textbook example: mean 5 and population standard deviation 2.
        Dataset dataset = NewDataset([2, 4, 4, 4, 5, 5, 7, 9], [5, 7, 3, 255]);
        Assert.Equal((5, 2, 0), (dataset.Statistics.Mean, dataset.Statistics.StandardDeviation, dataset.Statistics.ZeroShare));
        Assert.Equal([0, 1, -1, 125], Values(dataset.TestSamples(InputScaling.Standardized)));
    }

    [Fact]
    public void Statistics_are_exact_for_many_bright_pixels()
    {
        var pixels = new byte[8_000_000];
        pixels.AsSpan().Fill(255);
        pixels.AsSpan(0, 4_000_000).Fill(253);
        PixelStatistics statistics = PixelStatistics.Of(new ImageSet(pixels, new byte[1], 2000, 4000));
        Assert.Equal((254, 1), (statistics.Mean, statistics.StandardDeviation));
    }

    [Fact]
    public void Statistics_count_the_last_of_an_odd_number_of_pixels()
    {
        const int Count = (1 << 21) + 3;
        var pixels = new byte[Count];
        pixels.AsSpan(^3..).Fill(240);
        PixelStatistics statistics = PixelStatistics.Of(new ImageSet(pixels, new byte[1], 1, Count));
        Assert.Equal((720.0 / Count, (Count - 3.0) / Count), (statistics.Mean, statistics.ZeroShare));
        Assert.Equal(Math.Sqrt(3 * 240.0 * 240 / Count - statistics.Mean * statistics.Mean), statistics.StandardDeviation, 12);
    }

    [Fact]
    public void A_training_set_with_one_grey_value_cannot_be_standardized()
    {
        Dataset dataset = NewDataset([7, 7, 7, 7], [1, 2, 3, 4]);
        string message = Assert.Throws<InputException>(() => dataset.TrainSamples(InputScaling.Standardized)).Message;
        Assert.Contains("every pixel of the training images is 7", message);
        Assert.Equal([7, 7, 7, 7], Values(dataset.TrainSamples(InputScaling.Raw)));
    }

    [Fact]
    public void Samples_keep_the_bytes_without_a_copy()
    {
        byte[] pixels = [1, 2, 3, 4];
        Samples samples = NewDataset(pixels, pixels).TrainSamples(InputScaling.Unit);
        pixels[0] = 9;
        Assert.Equal(9, samples.Bytes.Span[0]);
    }

    [Fact]
    public void An_image_set_refuses_lengths_that_do_not_agree()
    {
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[7], new byte[2], 2, 2));
        Assert.Throws<ArgumentException>(() => new ImageSet(Array.Empty<byte>(), Array.Empty<byte>(), 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[4], new byte[1], 0, 4));
    }
}
