using IlgpuDistance.Gpu;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class MnistFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MnistFolderTests() => IdxBytes.WriteSmallSet(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private void Replace(string name, byte[] contents) => File.WriteAllBytes(_folder[name], contents);

    private string Message() => Assert.Throws<InputException>(() => MnistFolder.Read(_folder.Path)).Message;

    [Fact]
    public void Four_files_make_a_data_set()
    {
        Dataset dataset = MnistFolder.Read(_folder.Path);
        Assert.Equal(Path.GetFileName(_folder.Path), dataset.Name);
        Assert.Equal((6, 3, 2), (dataset.Train.Count, dataset.Train.Height, dataset.Train.Width));
        Assert.Equal((3, 3, 2), (dataset.Test.Count, dataset.Test.Height, dataset.Test.Width));
        Assert.Equal(3, dataset.Classes);
        Assert.Equal([0, 1, 2, 0, 1, 2], dataset.Train.Labels.ToArray());
        Assert.Equal([1, 1, 1], dataset.Test.CountPerClass(3));
        Assert.Equal(MnistFile.All.Select(file => file.Name), dataset.Files.Select(file => file.Name));
        Assert.All(dataset.Files, file => Assert.Equal(FileVerdict.Unknown, dataset.VerdictOf(file)));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", true)]
    [InlineData("train-images.idx3-ubyte", false)]
    [InlineData("train-images.idx3-ubyte.gz", true)]
    [InlineData("train-images-idx3-ubyte.gz", false)]
    public void Other_spellings_and_compression_are_understood(string name, bool compressed)
    {
        byte[] bytes = File.ReadAllBytes(_folder["train-images-idx3-ubyte"]);
        File.Delete(_folder["train-images-idx3-ubyte"]);
        Replace(name, compressed ? IdxBytes.Gzip(bytes) : bytes);
        Assert.Equal(bytes[16..], MnistFolder.Read(_folder.Path).Train.Pixels.ToArray());
    }

    [Fact]
    public void A_folder_beside_a_file_of_the_other_spelling_does_not_hide_it()
    {
        File.Move(_folder["train-images-idx3-ubyte"], _folder["train-images.idx3-ubyte"]);
        Directory.CreateDirectory(_folder["train-images-idx3-ubyte"]);
        Assert.Equal(6, MnistFolder.Read(_folder.Path).Train.Count);
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_refused()
    {
        File.Delete(_folder["t10k-images-idx3-ubyte"]);
        Directory.CreateDirectory(_folder["t10k-images-idx3-ubyte"]);
        Assert.Contains("t10k-images-idx3-ubyte: is a folder where a file is expected", Message());
    }

    [Fact]
    public void Missing_files_are_named_all_at_once()
    {
        File.Delete(_folder["train-labels-idx1-ubyte"]);
        File.Delete(_folder["t10k-images-idx3-ubyte"]);
        Assert.Contains("train-labels-idx1-ubyte, t10k-images-idx3-ubyte missing", Message());
        Assert.False(MnistFolder.IsComplete(_folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_refused() =>
        Assert.Contains(
            "there is no such folder", Assert.Throws<InputException>(() => MnistFolder.Read(_folder["absent"])).Message);

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused()
    {
        string file = _folder["train-images-idx3-ubyte"];
        Assert.Contains(
            "is a file where a folder is expected", Assert.Throws<InputException>(() => MnistFolder.Read(file)).Message);
    }

    [Fact]
    public void As_many_labels_as_images_are_needed()
    {
        Replace("train-labels-idx1-ubyte", IdxBytes.Labels(0, 1, 2));
        Assert.Contains("train-labels-idx1-ubyte: 3 labels for the 6 images", Message());
    }

    [Fact]
    public void Test_images_must_have_the_size_of_the_training_images()
    {
        Replace("t10k-images-idx3-ubyte", IdxBytes.Images(3, 2, 3));
        Assert.Contains("t10k-images-idx3-ubyte: images of 2×3 where the training images are 3×2", Message());
    }

    [Fact]
    public void A_test_label_that_training_does_not_know_is_refused()
    {
        Replace("t10k-labels-idx1-ubyte", IdxBytes.Labels(2, 3, 0));
        Assert.Contains("t10k-labels-idx1-ubyte: label 3 of image 1 where the training labels end at 2", Message());
    }

    [Fact]
    public void The_largest_label_decides_the_number_of_classes()
    {
        Replace("train-labels-idx1-ubyte", IdxBytes.Labels(0, 0, 0, 0, 0, 255));
        Replace("t10k-labels-idx1-ubyte", IdxBytes.Labels(254, 255, 7));
        Assert.Equal(256, MnistFolder.Read(_folder.Path).Classes);
    }

    [Fact]
    public void There_are_at_least_two_classes()
    {
        Replace("train-labels-idx1-ubyte", IdxBytes.Labels(0, 0, 0, 0, 0, 0));
        Replace("t10k-labels-idx1-ubyte", IdxBytes.Labels(0, 0, 0));
        Assert.Equal(2, MnistFolder.Read(_folder.Path).Classes);
    }
}
