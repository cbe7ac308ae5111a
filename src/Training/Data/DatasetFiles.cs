using System.Buffers.Binary;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Data;

/// <summary>Reads four IDX files as one data set, and finds out whether they are published ones.</summary>
/// <param name="named">A data set whose files have these names.</param>
/// <param name="sources">The files, in the order of <see cref="PublishedDataset.Files"/>.</param>
internal sealed class DatasetFiles(PublishedDataset named, IReadOnlyList<DataSource> sources)
{
    private const long MostBytesAtOnce = 64 << 20;

    /// <summary>Reads and checks the files.</summary>
    /// <param name="location">Where they lie.</param>
    /// <param name="name">What the data is called if it is not a published data set.</param>
    /// <param name="classes">Number of classes; null where the labels say it.</param>
    /// <exception cref="InputException">A file cannot be read, is damaged, or does not fit the others.</exception>
    public Dataset Read(string location, string name, int? classes)
    {
        using IdxFile trainImages = IdxFile.OpenImages(sources[0]), testImages = IdxFile.OpenImages(sources[2]);
        using IdxFile trainLabels = IdxFile.OpenLabels(sources[1]), testLabels = IdxFile.OpenLabels(sources[3]);
        CheckHeaders(trainImages, trainLabels, testImages, testLabels);

        // Labels first: they are small.
        var (trainClasses, trainLabelsMd5) = ReadLabels(trainLabels);
        var (testClasses, testLabelsMd5) = ReadLabels(testLabels);
        ClassCount count = ClassCount.Of(
            new LabelledFile(trainLabels.Path, trainClasses), new LabelledFile(testLabels.Path, testClasses), classes);
        var ((trainPixels, trainImagesMd5), (testPixels, testImagesMd5)) = ReadImages(trainImages, testImages);

        string[] md5s = [trainImagesMd5, trainLabelsMd5, testImagesMd5, testLabelsMd5];
        long[] bytes = [trainImages.Bytes, trainLabels.Bytes, testImages.Bytes, testLabels.Bytes];
        string?[] published = PublishedMd5s(md5s, out PublishedDataset? identified);
        // Where no sums are published the number of images must do.
        if (named.Images == trainClasses.Length + testClasses.Length)
            identified ??= named;
        return new Dataset
        {
            Name = identified?.Title ?? name,
            Location = location,
            Train = new ImageSet(trainPixels, trainClasses, trainImages.Dimensions[1], trainImages.Dimensions[2]),
            Test = new ImageSet(testPixels, testClasses, testImages.Dimensions[1], testImages.Dimensions[2]),
            Classes = count.Classes,
            Warnings = count.Warnings,
            Files = [.. named.Files.Select((file, i) => new DataFile(file.Name, bytes[i], md5s[i], published[i]))],
        };
    }

    /// <summary>Compares the headers, before memory is taken for pixels.</summary>
    private void CheckHeaders(IdxFile trainImages, IdxFile trainLabels, IdxFile testImages, IdxFile testLabels)
    {
        CheckCounts(trainImages, named.TrainImages, trainLabels);
        CheckCounts(testImages, named.TestImages, testLabels);
        if (!testImages.Dimensions.AsSpan(1).SequenceEqual(trainImages.Dimensions.AsSpan(1)))
        {
            throw new InputException(
                $"{testImages.Path}: images of {testImages.Dimensions[1]}×{testImages.Dimensions[2]} where the training " +
                    $"images are " +
                $"{trainImages.Dimensions[1]}×{trainImages.Dimensions[2]}; take all four files from one data set");
        }
    }

    private static void CheckCounts(IdxFile images, PublishedFile imagesName, IdxFile labels)
    {
        if (labels.Dimensions[0] != images.Dimensions[0])
        {
            throw new InputException(
                $"{labels.Path}: {labels.Dimensions[0]:N0} labels for the {images.Dimensions[0]:N0} images of " +
                    $"{imagesName.Name}; " +
                "take all four files from one data set");
        }
    }

    /// <summary>
    /// Reads the images, both files at once unless they are large: what one has been promised of the memory and not yet written
    /// counts as free for the other.
    /// </summary>
    private static ((byte[] Pixels, string Md5) Train, (byte[] Pixels, string Md5) Test) ReadImages(IdxFile train, IdxFile test)
    {
        if (train.Bytes + test.Bytes > MostBytesAtOnce)
            return (train.Read(), test.Read());
        // Where neither can be read it is the training images that are told of.
        var images = Task.WhenAll(Task.Run(train.Read), Task.Run(test.Read)).GetAwaiter().GetResult();
        return (images[0], images[1]);
    }

    private static (byte[] Classes, string Md5) ReadLabels(IdxFile file)
    {
        var (values, md5) = file.Read();
        if (file.Form == IdxForm.Labels)
            return (values, md5);
        // Column 0 of big-endian numbers.
        var classes = new byte[file.Dimensions[0]];
        int rowBytes = values.Length / classes.Length;
        for (int i = 0; i < classes.Length; i++)
        {
            int value = BinaryPrimitives.ReadInt32BigEndian(values.AsSpan(i * rowBytes));
            classes[i] = value is >= 0 and <= byte.MaxValue
                ? (byte)value
                : throw new InputException(
                    $"{file.Path}: label {value} of image {i} where 0 to {byte.MaxValue} are expected; download the file again");
        }
        return (classes, md5);
    }

    /// <summary>
    /// The MD5 of each file's published contents where it is known, of the data set that most of the files belong to. Some
    /// publishers state the sums of .gz files only: contents whose file has that sum are the published ones.
    /// </summary>
    private string?[] PublishedMd5s(string[] md5s, out PublishedDataset? identified)
    {
        var storedMd5s = sources.Select(source => new Lazy<string>(source.StoredMd5)).ToArray();
        var others = PublishedDataset.All.Where(dataset =>
            dataset.TrainImages.Name == named.TrainImages.Name && dataset.Key != named.Key);
        var candidates = others.Prepend(named).Select(dataset =>
        {
            string?[] published = [.. dataset.Files.Select((file, i) =>
                file.Md5 ?? (file.ArchiveMd5 is { } archive && storedMd5s[i].Value == archive ? md5s[i] : null))];
            return (dataset, published, Matches: md5s.Zip(published).Count(pair => pair.First == pair.Second));
        });
        // Most often it is the first. If not, the sums of .gz files cost another look at the files.
        var best = candidates.First();
        if (best.Matches < sources.Count)
            best = candidates.MaxBy(candidate => candidate.Matches);
        identified = best.Matches == sources.Count ? best.dataset : null;
        return best.published;
    }
}
