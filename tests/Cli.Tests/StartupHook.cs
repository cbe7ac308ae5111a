using System.Diagnostics.CodeAnalysis;

/// <summary>
/// What .NET runs before the program where a test asks for it (DOTNET_STARTUP_HOOKS): a thread that fails when a file
/// appears. The runtime looks for this name outside of all namespaces.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "the runtime asks for it")]
internal static class StartupHook
{
    public const string FileVariable = "ILGPU_DISTANCE_TEST_FAILS_AT";
    public const string Message = "the work of a test\nhas failed";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file)
            new Thread(() => FailAt(file)) { IsBackground = true }.Start();
    }

    private static void FailAt(string file)
    {
        while (!File.Exists(file))
            Thread.Sleep(10);
        throw new InvalidOperationException(Message);
    }
}
