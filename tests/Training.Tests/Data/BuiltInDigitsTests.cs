using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class BuiltInDigitsTests
{
    private readonly Dataset _digits = BuiltInDigits.Read();

    [Fact]
    public void Four_fifths_are_for_training()
    {
        Assert.Equal((1442, 355), (_digits.Train.Count, _digits.Test.Count));
        Assert.Equal((8, 8, 10), (_digits.Train.Height, _digits.Test.Width, _digits.Classes));
    }

    [Fact]
    public void The_classes_are_as_frequent_as_published()
    {
        // The class distribution of the test set that UCI publishes with the data.
        int[] published = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        Assert.Equal(published, _digits.Train.CountPerClass(10).Zip(
            _digits.Test.CountPerClass(10), (train, test) => train + test));
    }

    [Fact]
    public void Every_class_is_tested_about_equally_often() =>
        Assert.All(_digits.Test.CountPerClass(10), count => Assert.InRange(count, 34, 36));

    [Fact]
    public void The_first_row_is_stretched_to_bytes()
    {
        // The first row of the file, a 0: 0 0 5 13 9 1 0 0 / 0 0 13 15 10 15 5 0 / …, times 255 / 16.
        Assert.Equal([0, 0, 80, 207, 143, 16, 0, 0, 0, 0, 207, 239, 159, 239, 80, 0], _digits.Train.Pixels[..16].ToArray());
        Assert.Equal(0, _digits.Train.Labels.Span[0]);
        Assert.Equal(255, _digits.Train.Pixels.ToArray().Max());
        Assert.Equal(8, _digits.Train.Labels.Span[^1]);
    }

    [Fact]
    public void The_contents_are_the_published_ones() =>
        Assert.Equal(FileVerdict.Published, _digits.VerdictOf(Assert.Single(_digits.Files)));
}
