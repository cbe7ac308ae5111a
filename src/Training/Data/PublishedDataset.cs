using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Data;

/// <summary>A data set in the form of MNIST, as published: four IDX files.</summary>
internal sealed record PublishedDataset
{
    /// <summary>The splits of EMNIST, each of which is a data set, and the images in each as its publisher states them.</summary>
    private static readonly (string Split, int Images)[] EmnistSplits =
    [
        ("balanced", 131_600),
        ("byclass", 814_255),
        ("bymerge", 814_255),
        ("digits", 280_000),
        ("letters", 145_600),
        ("mnist", 70_000),
    ];

    /// <summary>MNIST.</summary>
    public static readonly PublishedDataset Mnist = new()
    {
        Key = "mnist",
        Title = "MNIST",
        Folder = "MNIST",
        TrainImages = new("train-images-idx3-ubyte", "f68b3c2dcbeaaa9fbdd348bbdeb94873", "6bbc9ace898e44ae57da46a324031adb",
            9_912_422),
        TrainLabels = new("train-labels-idx1-ubyte", "d53e105ee54ea40749a09fcbcd1e9432", "a25bea736e30d166cdddb491f175f624",
            28_881),
        TestImages = new("t10k-images-idx3-ubyte", "9fb629c4189551a2d022fa330f9573f3", "2646ac647ad5339dbf082846283269ea",
            1_648_877),
        TestLabels = new("t10k-labels-idx1-ubyte", "ec29112dd5afa0611ce80d1b7f02629c", "27ae3e4e09519cfbb04c329615203637", 4_542),
        Mirrors =
        [
            new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        ],
    };

    /// <summary>Fashion-MNIST. The checksums are those of torchvision's documentation of the data set.</summary>
    public static readonly PublishedDataset FashionMnist = new()
    {
        Key = "fashion-mnist",
        Title = "Fashion-MNIST",
        Folder = "FashionMNIST",
        TrainImages = new("train-images-idx3-ubyte", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        TrainLabels = new("train-labels-idx1-ubyte", "25c81989df183df01b3e8a0aad5dffbe"),
        TestImages = new("t10k-images-idx3-ubyte", "bef4ecab320f06d8554ea6380940ec79"),
        TestLabels = new("t10k-labels-idx1-ubyte", "bb300cfdad3c16e7a12a480ee83cd310"),
        Mirrors =
        [
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            new("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
        ],
    };

    /// <summary>Kuzushiji-MNIST. The checksums are those of torchvision.</summary>
    public static readonly PublishedDataset Kmnist = new()
    {
        Key = "kmnist",
        Title = "KMNIST",
        Folder = "KMNIST",
        TrainImages = new("train-images-idx3-ubyte", "bdb82020997e1d708af4cf47b453dcf7"),
        TrainLabels = new("train-labels-idx1-ubyte", "e144d726b3acfaa3e44228e80efcd344"),
        TestImages = new("t10k-images-idx3-ubyte", "5c965bf0a639b31b8f53240b1b52f4d7"),
        TestLabels = new("t10k-labels-idx1-ubyte", "7320c461ea6c1c855c0b718fb2a4b134"),
        Mirrors = [new("http://codh.rois.ac.jp/kmnist/dataset/kmnist/")],
    };

    /// <summary>QMNIST with all 60,000 test images. The checksums are those of torchvision.</summary>
    public static readonly PublishedDataset Qmnist = new()
    {
        Key = "qmnist",
        Title = "QMNIST",
        Folder = "QMNIST",
        TrainImages = new("qmnist-train-images-idx3-ubyte", "ed72d4157d28c017586c42bc6afe6370"),
        TrainLabels = new("qmnist-train-labels-idx2-int", "0058f8dd561b90ffdd0f734c6a30e5e4"),
        TestImages = new("qmnist-test-images-idx3-ubyte", "1394631089c404de565df7b7aeaf9412"),
        TestLabels = new("qmnist-test-labels-idx2-int", "5b5b05890a5e13444e108efe57b788aa"),
        Mirrors = [new("https://raw.githubusercontent.com/facebookresearch/qmnist/master/")],
    };

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<PublishedDataset> All =
        [Mnist, FashionMnist, Kmnist, Qmnist, .. EmnistSplits.Select(emnist => Emnist(emnist.Split, emnist.Images))];

    /// <summary>The name in options and of the folder in the cache, e.g. <c>fashion-mnist</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The name in texts, e.g. <c>Fashion-MNIST</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The name of its folder in torchvision's layout, in which the files lie in <c>raw</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>The training images.</summary>
    public required PublishedFile TrainImages { get; init; }

    /// <summary>The training labels.</summary>
    public required PublishedFile TrainLabels { get; init; }

    /// <summary>The test images.</summary>
    public required PublishedFile TestImages { get; init; }

    /// <summary>The test labels.</summary>
    public required PublishedFile TestLabels { get; init; }

    /// <summary>
    /// Addresses, each ending in a slash, to which a file's name is appended; tried in their order. None where it cannot be
    /// downloaded.
    /// </summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Number of its training and test images together, where that is all that is known of its contents.</summary>
    public int? Images { get; private init; }

    /// <summary>Whether rows and columns are swapped in its images.</summary>
    public bool IsTransposed { get; private init; }

    /// <summary>The four files: training images and labels, test images and labels.</summary>
    public IReadOnlyList<PublishedFile> Files => [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The data set of a name.</summary>
    /// <param name="key">Its <see cref="Key"/>, in any case.</param>
    /// <exception cref="InputException">There is none.</exception>
    public static PublishedDataset Find(string key) =>
        All.FirstOrDefault(dataset => dataset.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) ?? throw new InputException(
            $"{Settings.Dataset} {key}: expected one of {string.Join(", ", DatasetRequest.Names)}" +
            $"{(Spelling.Nearest(key, DatasetRequest.Names) is { } nearest ? $"; did you mean {nearest}?" : "")}");

    /// <summary>
    /// A split of EMNIST. All of them are published in one archive of half a gigabyte, which is not worth a download for one; the
    /// checksums of the files in it are not published.
    /// </summary>
    private static PublishedDataset Emnist(string split, int images) => new()
    {
        Key = $"emnist-{split}",
        Title = $"EMNIST {split}",
        Folder = "EMNIST",
        TrainImages = new($"emnist-{split}-train-images-idx3-ubyte"),
        TrainLabels = new($"emnist-{split}-train-labels-idx1-ubyte"),
        TestImages = new($"emnist-{split}-test-images-idx3-ubyte"),
        TestLabels = new($"emnist-{split}-test-labels-idx1-ubyte"),
        Images = images,
        IsTransposed = true,
    };
}
