using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class ClassCountTests
{
    private static ClassCount Of(byte[] train, int? asked = null, byte[]? test = null) =>
        ClassCount.Of(new LabelledFile("train", train), new LabelledFile("test", test ?? [1]), asked);

    private static string Message(byte[] train, int? asked = null, byte[]? test = null) =>
        Assert.Throws<InputException>(() => Of(train, asked, test)).Message;

    /// <summary>Ten labels of each class.</summary>
    private static byte[] Labels(int from, int to) =>
        [.. Enumerable.Range(0, 10).SelectMany(_ => Enumerable.Range(from, to - from + 1)).Select(i => (byte)i)];

    [Fact]
    public void The_largest_training_label_decides_where_nobody_says_the_number()
    {
        Assert.Equal(10, Of(Labels(0, 9)).Classes);
        Assert.Empty(Of(Labels(0, 9)).Warnings);
        Assert.Equal(256, Of(Labels(0, 255)).Classes);
    }

    [Fact]
    public void There_are_at_least_two_classes()
    {
        ClassCount count = Of([0, 0, 0]);
        Assert.Equal(2, count.Classes);
        Assert.Equal("No training image is of class 1.", Assert.Single(count.Warnings));
    }

    [Fact]
    public void Labels_that_begin_at_1_are_a_warning()
    {
        ClassCount count = Of(Labels(1, 26));
        Assert.Equal(27, count.Classes);
        Assert.Equal("No training image is of class 0.", Assert.Single(count.Warnings));
    }

    [Fact]
    public void A_damaged_label_that_makes_more_empty_classes_than_others_is_refused_with_its_place()
    {
        byte[] labels = Labels(0, 9);
        labels[42] = 255;
        Assert.Equal(
            "train: label 255 of image 42 would make 256 classes, of which 245 have no training image; " +
            "correct the label, or say how many classes there are", Message(labels));
        Assert.Equal(256, Of(labels, asked: 256).Classes);
        Assert.Equal(
            "train: label 255 of image 42 where number of classes 10 allows none above 9; correct the label, or give a " +
                "larger number",
            Message(labels, asked: 10));
    }

    [Theory]
    [InlineData(11, "10")]
    [InlineData(12, "10 or 11")]
    [InlineData(15, "10 to 14")]
    public void A_damaged_label_that_makes_fewer_is_named_in_the_warning(byte damaged, string empty)
    {
        byte[] labels = [.. Labels(0, 9), damaged];
        Assert.StartsWith(
            $"No training image is of class {empty}; the largest label is label {damaged} of image 100 in train.",
            Assert.Single(Of(labels).Warnings));
    }

    [Fact]
    public void Exactly_half_of_the_classes_may_be_empty()
    {
        Assert.Equal(10, Of([5, 6, 7, 8, 9], test: [5]).Classes);
        Assert.Contains("of which 6 have no training image", Message([6, 7, 8, 9], test: [6]));
    }

    [Fact]
    public void A_test_label_that_training_does_not_know_is_refused()
    {
        Assert.StartsWith("test: label 3 of image 1 where the training labels end at 2;", Message([0, 1, 2], test: [2, 3]));
        Assert.Equal(4, Of([0, 1, 2], asked: 4, test: [2, 3]).Classes);
        Assert.StartsWith("test: label 4 of image 1 where number of classes 4 allows none above 3;",
            Message([0, 1, 2], asked: 4, test: [2, 4]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(257)]
    public void A_number_that_cannot_be_is_refused(int asked) =>
        Assert.Equal($"number of classes {asked}: expected 2 to 256", Message([0, 1], asked));
}
