namespace IlgpuDistance.Tests;

/// <summary>The real MNIST, where a folder <c>shared/mnist</c> lies beside the repository.</summary>
internal static class RealMnist
{
    public const string WhyMissing = "no folder shared/mnist with the files of MNIST is found above the tests";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, "shared", "mnist");
                if (File.Exists(Path.Combine(candidate, "train-images-idx3-ubyte.gz")))
                    return candidate;
            }
            return null;
        }
    }
}
