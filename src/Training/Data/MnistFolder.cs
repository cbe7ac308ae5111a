using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// A folder with four IDX files named like MNIST's: MNIST itself, or data that took over its form, such as Fashion-MNIST.
/// </summary>
internal static class MnistFolder
{
    /// <summary>Whether something lies at the place of each of the four files.</summary>
    public static bool IsComplete(string folder) => MnistFile.All.All(file => Find(folder, file) is not null);

    /// <summary>Reads and checks the four files.</summary>
    /// <exception cref="InputException">A file is missing, cannot be read, is damaged, or does not fit the others.</exception>
    public static Dataset Read(string folder)
    {
        if (File.Exists(folder))
            throw new InputException($"{folder}: is a file where a folder is expected; name the folder with the four files of MNIST");
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: there is no such folder; name one with the four files of MNIST");
        CheckPermission(folder);
        var missing = MnistFile.All.Where(file => Find(folder, file) is null).Select(file => file.Name).ToArray();
        if (missing.Length > 0)
        {
            throw new InputException(
                $"{folder}: {string.Join(", ", missing)} missing, plain or .gz; put all four files of MNIST there");
        }

        var files = new List<DataFile>();
        ImageSet train = ReadSet(folder, MnistFile.TrainImages, MnistFile.TrainLabels, files);
        ImageSet test = ReadSet(folder, MnistFile.TestImages, MnistFile.TestLabels, files);
        if ((test.Height, test.Width) != (train.Height, train.Width))
        {
            throw new InputException(
                $"{PathOf(folder, MnistFile.TestImages)}: images of {test.Height}×{test.Width} where the training images are " +
                $"{train.Height}×{train.Width}; take all four files from one data set");
        }
        int classes = Dataset.CountClasses(train.Labels.Span);
        int unknown = test.Labels.Span.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (unknown >= 0)
        {
            throw new InputException(
                $"{PathOf(folder, MnistFile.TestLabels)}: label {test.Labels.Span[unknown]} of image {unknown} where the training labels " +
                $"end at {classes - 1}; take all four files from one data set");
        }
        return new Dataset
        {
            Name = files.TrueForAll(file => file.IsPublished) ? "MNIST" : new DirectoryInfo(folder).Name,
            Location = folder,
            Train = train,
            Test = test,
            Classes = classes,
            Files = files,
        };
    }

    /// <summary>Without permission to list a folder, every file in it would seem to be missing.</summary>
    private static void CheckPermission(string folder)
    {
        try
        {
            _ = Directory.GetFileSystemEntries(folder);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException($"{folder}: no permission to read the folder; change its permissions", error);
        }
    }

    private static ImageSet ReadSet(string folder, MnistFile imageFile, MnistFile labelFile, List<DataFile> files)
    {
        IdxFile labels = IdxFile.ReadLabels(PathOf(folder, labelFile));
        IdxFile images = IdxFile.ReadImages(PathOf(folder, imageFile));
        if (labels.Values.Length != images.Dimensions[0])
        {
            throw new InputException(
                $"{PathOf(folder, labelFile)}: {labels.Values.Length:N0} labels for the {images.Dimensions[0]:N0} images of " +
                $"{imageFile.Name}; take all four files from one data set");
        }
        files.Add(new DataFile(imageFile.Name, images.Bytes, images.Md5, imageFile.Md5));
        files.Add(new DataFile(labelFile.Name, labels.Bytes, labels.Md5, labelFile.Md5));
        return new ImageSet(images.Values, labels.Values, images.Dimensions[1], images.Dimensions[2]);
    }

    private static string PathOf(string folder, MnistFile file) => Find(folder, file) ?? Path.Combine(folder, file.Name);

    /// <summary>
    /// The path at which a file lies, or null. A folder with the file's name counts only where there is no file: some
    /// archives hold both, one beside the other under the two spellings.
    /// </summary>
    private static string? Find(string folder, MnistFile file)
    {
        string[] paths = [.. file.PossibleNames.Select(name => Path.Combine(folder, name))];
        return paths.FirstOrDefault(File.Exists) ?? paths.FirstOrDefault(Directory.Exists);
    }
}
