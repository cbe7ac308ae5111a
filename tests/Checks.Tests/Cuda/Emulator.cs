using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Checks.Tests.Cuda;

/// <summary>The emulated CUDA driver, as <c>scripts/get-cuda-emulator</c> builds it, called as ILGPU calls it.</summary>
internal static unsafe class Emulator
{
    public const int Success = 0, InvalidPtx = 218, IllegalAddress = 700;

    private static readonly Lazy<(IntPtr Library, string Reason)> Loaded = new(Load);

    /// <summary>Skips a test where the driver cannot be built.</summary>
    public static void Require() => Skip.If(Loaded.Value.Library == IntPtr.Zero, Loaded.Value.Reason);

    /// <summary>What the driver says of the last finding.</summary>
    public static string Finding
    {
        get
        {
            byte* text;
            ((delegate* unmanaged<int, byte**, int>)Function("cuGetErrorString"))(IllegalAddress, &text);
            return Marshal.PtrToStringUTF8((IntPtr)text)!;
        }
    }

    /// <summary>Takes device memory, which nobody has written.</summary>
    public static ulong Allocate(int bytes)
    {
        ulong address;
        Check(((delegate* unmanaged<ulong*, nuint, int>)Function("cuMemAlloc_v2"))(&address, (nuint)bytes));
        return address;
    }

    /// <summary>Takes device memory and writes values there.</summary>
    public static ulong Upload<T>(T[] values) where T : unmanaged
    {
        ulong address = Allocate(values.Length * sizeof(T));
        fixed (T* source = values)
            Check(Copy(address, (ulong)source, values.Length * sizeof(T)));
        return address;
    }

    /// <summary>Reads values from device memory.</summary>
    public static T[] Download<T>(ulong address, int length) where T : unmanaged
    {
        var values = new T[length];
        fixed (T* target = values)
            Check(Copy((ulong)target, address, length * sizeof(T)));
        return values;
    }

    /// <summary>Copies between host and device, in either direction; returns the driver's result.</summary>
    public static int Copy(ulong target, ulong source, int bytes) =>
        ((delegate* unmanaged<ulong, ulong, nuint, IntPtr, int>)Function("cuMemcpyAsync"))(target, source, (nuint)bytes, 0);

    /// <summary>Gives device memory back; returns the driver's result.</summary>
    public static int Free(ulong address) => ((delegate* unmanaged<ulong, int>)Function("cuMemFree_v2"))(address);

    /// <summary>Loads PTX that has a kernel K; returns the driver's result.</summary>
    public static int TryLoad(string ptx, out IntPtr kernel)
    {
        IntPtr module, function = 0;
        fixed (byte* text = Encoding.UTF8.GetBytes(ptx + '\0'), name = "K\0"u8)
        {
            int result = ((delegate* unmanaged<IntPtr*, byte*, int>)Function("cuModuleLoadData"))(&module, text);
            if (result == Success)
            {
                Check(((delegate* unmanaged<IntPtr*, IntPtr, byte*, int>)Function("cuModuleGetFunction"))(
                    &function, module, name));
            }
            kernel = function;
            return result;
        }
    }

    /// <summary>Loads and launches a kernel K(u64 …); returns the driver's result.</summary>
    public static int TryLaunch(string ptx, int groups, int items, params ulong[] arguments)
    {
        Check(TryLoad(ptx, out IntPtr kernel));
        void** pointers = stackalloc void*[arguments.Length + 1];
        fixed (ulong* values = arguments)
        {
            for (int n = 0; n < arguments.Length; n++)
                pointers[n] = values + n;
            return ((delegate* unmanaged<IntPtr, int, int, int, int, int, int, int, IntPtr, void**, void**, int>)
                Function("cuLaunchKernel"))(kernel, groups, 1, 1, items, 1, 1, 0, 0, pointers, null);
        }
    }

    /// <summary>Launches a kernel in which nothing is wrong.</summary>
    public static void Launch(string ptx, int groups, int items, params ulong[] arguments)
    {
        int result = TryLaunch(ptx, groups, items, arguments);
        Assert.True(result == Success, Finding);
    }

    private static void Check(int result) => Assert.True(result == Success, Finding);

    private static IntPtr Function(string name) => NativeLibrary.GetExport(Loaded.Value.Library, name);

    private static (IntPtr, string) Load()
    {
        if (Checkout.Folder is not { } folder || !OperatingSystem.IsLinux())
            return (IntPtr.Zero, "the emulated CUDA driver is built on Linux, beside its source");
        // Findings are part of these tests, and nothing to read.
        Environment.SetEnvironmentVariable("CUDA_EMULATOR_QUIET", "1");
        var start = new ProcessStartInfo(Path.Combine(folder, "scripts", "get-cuda-emulator"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process build = Process.Start(start)!;
        Task<string> error = build.StandardError.ReadToEndAsync();
        string output = build.StandardOutput.ReadToEnd().Trim();
        build.WaitForExit();
        if (build.ExitCode == 0)
            return (NativeLibrary.Load(Path.Combine(output, "libcuda.so.1")), "");
        // Without a compiler it cannot be there; with one that refuses the source, something is wrong.
        Assert.Contains("no gcc", error.Result, StringComparison.Ordinal);
        return (IntPtr.Zero, error.Result.Trim());
    }
}
