namespace IlgpuDistance.Training.Data;

/// <summary>One of the four files of MNIST, as published.</summary>
/// <param name="Name">Its name, e.g. <c>train-images-idx3-ubyte</c>.</param>
/// <param name="Md5">MD5 of its contents.</param>
/// <param name="ArchiveBytes">Length of the .gz file that the mirrors serve.</param>
/// <param name="ArchiveMd5">MD5 of the .gz file that the mirrors serve.</param>
public sealed record MnistFile(string Name, string Md5, long ArchiveBytes, string ArchiveMd5)
{
    /// <summary>The training images.</summary>
    public static readonly MnistFile TrainImages = new(
        "train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873");

    /// <summary>The training labels.</summary>
    public static readonly MnistFile TrainLabels = new(
        "train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624", 28_881, "d53e105ee54ea40749a09fcbcd1e9432");

    /// <summary>The test images.</summary>
    public static readonly MnistFile TestImages = new(
        "t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea", 1_648_877, "9fb629c4189551a2d022fa330f9573f3");

    /// <summary>The test labels.</summary>
    public static readonly MnistFile TestLabels = new(
        "t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637", 4_542, "ec29112dd5afa0611ce80d1b7f02629c");

    /// <summary>The four files.</summary>
    public static readonly IReadOnlyList<MnistFile> All = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The name of the .gz file that the mirrors serve.</summary>
    public string ArchiveName => $"{Name}.gz";

    /// <summary>
    /// The names under which the file may lie in a folder, first to be preferred. Compressed ones come first, because
    /// gzip's own checksum reveals damage; <c>train-images.idx3-ubyte</c> is how some archives spell the name.
    /// </summary>
    public IEnumerable<string> PossibleNames
    {
        get
        {
            string dotted = Name.Replace("-idx", ".idx", StringComparison.Ordinal);
            return [ArchiveName, $"{dotted}.gz", Name, dotted];
        }
    }
}
