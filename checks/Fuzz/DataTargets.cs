using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>IDX files, plain and compressed.</summary>
internal static class DataTargets
{
    /// <summary>The targets.</summary>
    public static IEnumerable<FuzzTarget> All(FuzzFolder files)
    {
        byte[] images = SoundFiles.IdxImages(12), labels = SoundFiles.IdxLabels(12);
        void Read(byte[] input)
        {
            using IdxFile file = IdxFile.OpenImages(DataSource.OfFile(files.Write("idx/images", input)));
            _ = file.Read();
        }

        yield return new FuzzTarget("IDX images", 5, InputForm.Bytes, [images, labels], Read);
        yield return new FuzzTarget("IDX images, compressed", 4, InputForm.Bytes, [SoundFiles.Gzip(images)], Read);
        yield return new FuzzTarget("IDX images, compressed with a right checksum", 3, InputForm.Bytes, [images, labels], Read)
        {
            Wrap = SoundFiles.Gzip,
        };
        (string Name, byte[] Sound)[] all =
        [
            ("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels),
            ("t10k-images-idx3-ubyte", SoundFiles.IdxImages(6)), ("t10k-labels-idx1-ubyte", SoundFiles.IdxLabels(6)),
        ];
        foreach (var (name, sound) in all)
        {
            yield return new FuzzTarget($"data set with a damaged {name}", 1, InputForm.Bytes, [sound], input =>
            {
                foreach (var (other, content) in all)
                    files.Write($"data/{other}", other == name ? input : content);
                _ = DatasetFolder.Read(Path.GetDirectoryName(files["data/x"])!);
            });
        }
    }
}
