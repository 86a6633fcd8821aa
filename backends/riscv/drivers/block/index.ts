/** Virtio block devices. */
export * from "../../../common/drivers/virtio/disks";
