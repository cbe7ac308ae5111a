using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class DatasetFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DatasetFolderTests() => IdxBytes.WriteSmallSet(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private void Replace(string name, byte[] contents) => File.WriteAllBytes(_folder[name], contents);

    private string Message() => Assert.Throws<InputException>(() => DatasetFolder.Read(_folder.Path)).Message;

    [Fact]
    public void Four_files_make_a_data_set()
    {
        Dataset dataset = DatasetFolder.Read(_folder.Path);
        Assert.Equal(Path.GetFileName(_folder.Path), dataset.Name);
        Assert.Equal((6, 3, 2), (dataset.Train.Count, dataset.Train.Height, dataset.Train.Width));
        Assert.Equal((3, 3, 2), (dataset.Test.Count, dataset.Test.Height, dataset.Test.Width));
        Assert.Equal(3, dataset.Classes);
        Assert.Equal([0, 1, 2, 0, 1, 2], dataset.Train.Labels.ToArray());
        Assert.Equal([1, 1, 1], dataset.Test.CountPerClass(3));
        Assert.Equal(PublishedDataset.Mnist.Files.Select(file => file.Name), dataset.Files.Select(file => file.Name));
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
        Assert.Equal(bytes[16..], DatasetFolder.Read(_folder.Path).Train.Pixels.ToArray());
    }

    [Fact]
    public void A_folder_beside_a_file_of_the_other_spelling_does_not_hide_it()
    {
        File.Move(_folder["train-images-idx3-ubyte"], _folder["train-images.idx3-ubyte"]);
        Directory.CreateDirectory(_folder["train-images-idx3-ubyte"]);
        Assert.Equal(6, DatasetFolder.Read(_folder.Path).Train.Count);
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
        Assert.False(DatasetFolder.IsComplete(_folder.Path, PublishedDataset.Mnist));
    }

    [Fact]
    public void Of_images_that_are_both_damaged_those_to_train_on_are_told_of()
    {
        foreach (string name in (string[])["t10k-images-idx3-ubyte", "train-images-idx3-ubyte"])
        {
            byte[] bytes = File.ReadAllBytes(_folder[name]);
            File.Delete(_folder[name]);
            Replace($"{name}.gz", IdxBytes.Gzip(bytes[..^1]));
        }
        Assert.Contains("train-images-idx3-ubyte.gz: 51 bytes after decompression where the header promises 52", Message());
    }

    [Fact]
    public void A_missing_folder_is_refused() =>
        Assert.Contains(
            "there is no such folder", Assert.Throws<InputException>(() => DatasetFolder.Read(_folder["absent"])).Message);

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused()
    {
        string file = _folder["train-images-idx3-ubyte"];
        Assert.Contains(
            "is a file where a folder is expected", Assert.Throws<InputException>(() => DatasetFolder.Read(file)).Message);
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
    public void The_labels_of_QMNIST_are_in_column_0()
    {
        string folder = _folder["qmnist"];
        IdxBytes.WriteSmallSet(folder, "qmnist-train", "qmnist-test");
        foreach (string labels in Directory.GetFiles(folder, "*labels*"))
            File.Delete(labels);
        File.WriteAllBytes(Path.Combine(folder, "qmnist-train-labels-idx2-int"), IdxBytes.ExtendedLabels(0, 1, 2, 0, 1, 2));
        File.WriteAllBytes(Path.Combine(folder, "qmnist-test-labels-idx2-int.gz"),
            IdxBytes.Gzip(IdxBytes.ExtendedLabels(2, 1, 0)));
        Dataset dataset = DatasetFolder.Read(folder);
        Assert.Equal("QMNIST (not as published)", dataset.Name);
        Assert.Equal([0, 1, 2, 0, 1, 2], dataset.Train.Labels.ToArray());
        Assert.Equal([2, 1, 0], dataset.Test.Labels.ToArray());

        File.WriteAllBytes(Path.Combine(folder, "qmnist-train-labels-idx2-int"), IdxBytes.ExtendedLabels(0, 1, 2, 256, 1, 2));
        Assert.Contains(
            "qmnist-train-labels-idx2-int: label 256 of image 3",
            Assert.Throws<InputException>(() => DatasetFolder.Read(folder)).Message);
    }

    [Theory]
    [InlineData("MNIST/raw", null)]
    [InlineData("FashionMNIST/raw", null)]
    [InlineData("KMNIST/raw", "kmnist")]
    [InlineData("raw", "fashion-mnist")]
    public void The_files_may_lie_where_torchvision_puts_them(string below, string? wanted)
    {
        string root = _folder["root"];
        IdxBytes.WriteSmallSet(Path.Combine(root, below));
        Dataset dataset = DatasetFolder.Read(root, wanted is null ? null : PublishedDataset.Find(wanted));
        Assert.Equal(Path.Combine(root, below), dataset.Location);
        Assert.Equal(6, dataset.Train.Count);
    }

    [Fact]
    public void Of_several_data_sets_below_a_folder_one_must_be_chosen()
    {
        string root = _folder["root"];
        IdxBytes.WriteSmallSet(Path.Combine(root, "MNIST", "raw"));
        IdxBytes.WriteSmallSet(Path.Combine(root, "FashionMNIST", "raw"));
        IdxBytes.WriteSmallSet(Path.Combine(root, "EMNIST", "raw"), "emnist-letters-train", "emnist-letters-test");
        IdxBytes.WriteSmallSet(Path.Combine(root, "EMNIST", "raw", "gzip"), "emnist-letters-train", "emnist-letters-test");
        IdxBytes.WriteSmallSet(Path.Combine(root, "EMNIST", "raw"), "emnist-digits-train", "emnist-digits-test");
        string message = Assert.Throws<InputException>(() => DatasetFolder.Read(root)).Message;
        Assert.Contains("holds several data sets: MNIST in ", message);
        foreach (string title in (string[])["Fashion-MNIST in ", "EMNIST letters in ", "EMNIST digits in "])
            Assert.Single(message.Split(title).Skip(1));

        Assert.EndsWith("raw", DatasetFolder.Read(root, PublishedDataset.FashionMnist).Location);
        Assert.Equal("EMNIST letters (not as published)", DatasetFolder.Read(root, PublishedDataset.Find("EMNIST-Letters")).Name);
    }

    [Theory]
    [InlineData("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-images.idx3-ubyte")]
    [InlineData("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-images-idx3-ubyte")]
    public void The_files_of_EMNIST_are_found_by_their_names(string name, string spelling)
    {
        string folder = _folder["download/gzip"];
        IdxBytes.WriteSmallSet(folder, "emnist-letters-train", "emnist-letters-test");
        File.Move(Path.Combine(folder, name), Path.Combine(folder, spelling));
        Assert.Equal("EMNIST letters (not as published)", DatasetFolder.Read(_folder["download"]).Name);
        File.Delete(Path.Combine(folder, "emnist-letters-test-labels-idx1-ubyte"));
        Assert.Contains(
            "gzip: emnist-letters-test-labels-idx1-ubyte missing",
            Assert.Throws<InputException>(() => DatasetFolder.Read(_folder["download"])).Message);
    }

    [Fact]
    public void Data_that_is_not_published_is_never_called_like_data_that_is()
    {
        IdxBytes.WriteSmallSet(_folder["MNIST/raw"]);
        Assert.Equal("MNIST (not as published)", DatasetFolder.Read(_folder["MNIST/raw"]).Name);
        IdxBytes.WriteSmallSet(_folder["FashionMNIST/raw"]);
        Assert.Equal("Fashion-MNIST (not as published)", DatasetFolder.Read(_folder["FashionMNIST/raw"]).Name);
        IdxBytes.WriteSmallSet(_folder["mine"]);
        Assert.Equal("mine", DatasetFolder.Read(_folder["mine"]).Name);
        Assert.Equal("KMNIST (not as published)", DatasetFolder.Read(_folder["mine"], PublishedDataset.Kmnist).Name);
        IdxBytes.WriteSmallSet(_folder["emnist Letters"]);
        Assert.Equal("emnist Letters (not as published)", DatasetFolder.Read(_folder["emnist Letters"]).Name);
    }

    [SkippableFact]
    public void MNIST_is_not_taken_for_Fashion_MNIST()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        string message = Assert.Throws<InputException>(() =>
            DatasetFolder.Read(RealMnist.Folder, PublishedDataset.FashionMnist)).Message;
        Assert.Contains("holds MNIST, not Fashion-MNIST", message);
    }

    [Fact]
    public void The_headers_are_compared_before_memory_is_taken_for_pixels()
    {
        // 20 MB that are 20 kB in the file, for five labels.
        byte[] bomb = IdxBytes.Gzip(IdxBytes.Images(20_000, 25, 40, new byte[20_000_000]));
        Replace("train-images-idx3-ubyte.gz", bomb);
        Replace("train-labels-idx1-ubyte", IdxBytes.Labels(0, 1, 2, 0, 1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("train-labels-idx1-ubyte: 5 labels for the 20,000 images", Message());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        Replace("train-labels-idx1-ubyte", IdxBytes.Labels(new byte[20_000]));
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("images of 3×2 where the training images are 25×40", Message());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
