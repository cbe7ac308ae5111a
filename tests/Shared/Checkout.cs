namespace IlgpuDistance.Tests;

/// <summary>The checkout in which the tests lie.</summary>
internal static class Checkout
{
    public const string WhyMissing = "the tests do not lie in a checkout";

    /// <summary>Its folder, or null where the tests lie elsewhere.</summary>
    public static string? Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IlgpuDistance.sln")))
                folder = folder.Parent;
            return folder?.FullName;
        }
    }
}
